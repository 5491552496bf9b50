package authoriser.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.http.Endpoint;
import authoriser.secrets.AwsEnvironment.Unusable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsEnvironmentTest {
    private static final String OWN_URL = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
    private static final String ANY_URL = "AWS_ENDPOINT_URL";

    private final Map<String, String> variables =
            new HashMap<>(
                    Map.of(
                            "AWS_REGION", "eu-west-1",
                            "AWS_DEFAULT_REGION", "us-east-1",
                            "AWS_ACCESS_KEY_ID", "AKIDLOCAL",
                            "AWS_SECRET_ACCESS_KEY", "local-access-key",
                            "AWS_SESSION_TOKEN", "local-session-token"));
    private final AwsEnvironment environment = new AwsEnvironment(variables);

    private static Endpoint endpoint(String url) {
        return Endpoint.parse(url).orElseThrow();
    }

    private Endpoint secretsManager() throws Unusable {
        return environment.secretsManager(environment.region());
    }

    private String problem() {
        return assertThrows(Unusable.class, this::secretsManager).detail();
    }

    // Region and credentials

    @Test
    void readsTheRegionOfTheFunction() throws Unusable {
        assertEquals("eu-west-1", environment.region());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void readsTheDefaultRegionIfTheRegionIsNotSet(String unset) throws Unusable {
        variables.put("AWS_REGION", unset);

        assertEquals("us-east-1", environment.region());
    }

    @Test
    void refusesAMissingRegion() {
        variables.keySet().removeAll(Set.of("AWS_REGION", "AWS_DEFAULT_REGION"));

        assertEquals("AWS_REGION is not set", problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example.com/", "eu west", "EU-WEST-1", "a@b", "a#", "eu-west-1\nx"})
    void refusesARegionThatWouldChangeTheHost(String region) {
        variables.put("AWS_REGION", region);

        assertEquals("AWS_REGION is not a region's name", problem());
    }

    @Test
    void readsCredentialsWithoutBlanksAroundThem() throws Unusable {
        variables.put("AWS_SECRET_ACCESS_KEY", " local-access-key\n");

        assertEquals(
                new AwsCredentials(
                        "AKIDLOCAL", "local-access-key", Optional.of("local-session-token")),
                environment.credentials());
    }

    @Test
    void acceptsAMissingSessionToken() throws Unusable {
        variables.remove("AWS_SESSION_TOKEN");

        assertEquals(Optional.empty(), environment.credentials().sessionToken());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
    void refusesMissingCredentials(String name) {
        variables.put(name, " ");

        assertEquals(
                name + " is not set",
                assertThrows(Unusable.class, environment::credentials).detail());
    }

    // Endpoint

    @ParameterizedTest
    @CsvSource({
        "eu-west-1, amazonaws.com",
        "us-gov-west-1, amazonaws.com",
        "mx-central-1, amazonaws.com",
        "cn-north-1, amazonaws.com.cn",
        "eusc-de-east-1, amazonaws.eu",
        "us-iso-east-1, c2s.ic.gov",
        "us-isob-east-1, sc2s.sgov.gov",
        "us-isof-south-1, csp.hci.ic.gov",
        "eu-isoe-west-1, cloud.adc-e.uk"
    })
    void findsTheEndpointInTheRegionAndTheDomainOfThePartition(String region, String domain)
            throws Unusable {
        variables.put("AWS_REGION", region);

        assertEquals(endpoint("https://secretsmanager." + region + "." + domain), secretsManager());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE"})
    void findsTheFipsEndpointIfConfigured(String yes) throws Unusable {
        variables.put("AWS_USE_FIPS_ENDPOINT", yes);

        assertEquals(
                endpoint("https://secretsmanager-fips.eu-west-1.amazonaws.com"), secretsManager());
    }

    @Test
    void prefersTheUrlOfTheServiceToTheUrlOfAllServices() throws Unusable {
        variables.put(ANY_URL, "https://all.example.com:8443");
        assertEquals(endpoint("https://all.example.com:8443"), secretsManager());

        variables.put(OWN_URL, "https://own.example.com/secrets");
        assertEquals(endpoint("https://own.example.com/secrets"), secretsManager());
    }

    @Test
    void ignoresConfiguredUrlsIfConfigured() throws Unusable {
        variables.put(ANY_URL, "https://all.example.com");
        variables.put(OWN_URL, "https://own.example.com");
        variables.put("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");

        assertEquals(endpoint("https://secretsmanager.eu-west-1.amazonaws.com"), secretsManager());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:4566", "http://127.0.0.1:4566", "http://[::1]:4566"})
    void acceptsHttpOnLoopback(String url) throws Unusable {
        variables.put(OWN_URL, url);

        assertEquals(endpoint(url), secretsManager());
    }

    @ParameterizedTest
    @ValueSource(strings = {OWN_URL, ANY_URL})
    void refusesHttpOutsideLoopback(String name) {
        variables.put(name, "http://secrets.example.com/s3cr3t");

        assertEquals(name + " must be https, except on a loopback host", problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://secrets.example.com/?s3cr3t",
                "https://secrets.example.com/a//s3cr3t",
                "https://secrets.example.com/../s3cr3t",
                "https://secrets.example.com/a%20s3cr3t",
                "https://secrets.example.com/a:s3cr3t"
            })
    void refusesAUrlThatASignatureWouldChange(String url) {
        variables.put(OWN_URL, url);

        assertEquals(
                OWN_URL + " must not hold a query, nor a path that has to be encoded", problem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "://", "localhost", "https://user:s3cr3t@example.com/"})
    void refusesAnInvalidUrlWithTheNameOfItsVariable(String url) {
        variables.put(OWN_URL, url);

        assertEquals(OWN_URL + " " + Endpoint.problemOf(url).orElseThrow(), problem());
        assertFalse(problem().contains("s3cr3t"), problem());
    }

    @Test
    void doesNotPrintTheEnvironment() {
        assertEquals("AwsEnvironment", environment.toString());
    }
}
