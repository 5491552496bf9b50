package authoriser.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import authoriser.local.PretendCognito;
import authoriser.local.PretendValidation;
import authoriser.local.SigningKey;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which classes the function loads, seen by a class loader of its own. */
final class SdkLoadingTest {

    /** Loads everything but the JDK anew, and writes down what. */
    private static final class Recorder extends URLClassLoader {
        private final Set<String> loaded = ConcurrentHashMap.newKeySet();

        Recorder() {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() {
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Recorder::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            Class<?> found = super.findClass(name);
            loaded.add(name);
            return found;
        }

        List<String> loadedFrom(String prefix) {
            return loaded.stream().filter(name -> name.startsWith(prefix)).sorted().toList();
        }
    }

    @Test
    void theSdkIsNotLoadedWhereTheSecretStandsInTheSettings() throws Exception {
        try (PretendCognito cognito = PretendCognito.start(SigningKey.generate("key"));
                PretendValidation validation = PretendValidation.start(cognito);
                Recorder recorder = new Recorder()) {
            Class<?> wiring = recorder.loadClass("authoriser.Wiring");
            Method of = wiring.getDeclaredMethod("of", Map.class);
            of.setAccessible(true);
            Method prime = wiring.getDeclaredMethod("prime");
            prime.setAccessible(true);

            Object wired =
                    of.invoke(
                            null,
                            Map.of(
                                    "CognitoIssuer",
                                    cognito.issuer(),
                                    "ValidatedHeaders",
                                    "X-Tenant-Id",
                                    "ValidationServiceUrl",
                                    validation.url(),
                                    "ValidationServiceTokenUrl",
                                    cognito.tokenUrl(),
                                    "ValidationServiceClientIdValue",
                                    PretendCognito.SERVICE_CLIENT_ID,
                                    "ValidationServiceClientSecretValue",
                                    PretendCognito.SERVICE_CLIENT_SECRET));
            prime.invoke(wired);

            assertEquals(1, cognito.tokenCalls());
            assertTrue(recorder.loaded.contains("authoriser.secrets.SecretSource"));
            assertEquals(List.of(), recorder.loadedFrom("software.amazon."));
        }
    }
}
