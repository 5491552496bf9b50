package authoriser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import authoriser.event.AccessRequest;
import authoriser.event.Credential;
import authoriser.event.RequestEvent;
import authoriser.event.RequestParser;
import authoriser.json.JsonDocument;
import authoriser.standin.Events;
import authoriser.token.VerifiedTokens;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class EventSerializerTest {
    private final EventSerializer serializer = new EventSerializer();

    @Test
    void isTheOnlySerializerOfTheRuntimeClient() {
        List<CustomPojoSerializer> found =
                ServiceLoader.load(CustomPojoSerializer.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();

        assertEquals(1, found.size());
        assertInstanceOf(EventSerializer.class, found.getFirst());
    }

    @Test
    void supportsTheTypesOfTheHandler() {
        Type[] types =
                ((ParameterizedType) AuthoriserHandler.class.getGenericInterfaces()[0])
                        .getActualTypeArguments();

        assertEquals(
                RequestHandler.class,
                ((ParameterizedType) AuthoriserHandler.class.getGenericInterfaces()[0])
                        .getRawType());
        assertEquals(List.of(RequestEvent.class, JsonDocument.class), List.of(types));
    }

    @Test
    void readsAnEventFromBytesAndFromText() {
        byte[] json = Events.rest("t");
        Type type = RequestEvent.class;

        RequestEvent fromBytes = serializer.fromJson(new ByteArrayInputStream(json), type);
        RequestEvent fromText = serializer.fromJson(new String(json, StandardCharsets.UTF_8), type);

        var parser = new RequestParser(List.of("X-Tenant-Id"));
        AccessRequest request = parser.parse(fromBytes).orElseThrow();
        assertEquals(
                "t", VerifiedTokens.textOf(((Credential.Bearer) request.credential()).token()));
        assertEquals(request.headers(), parser.parse(fromText).orElseThrow().headers());
    }

    @Test
    void refusesOtherTypes() {
        assertThrows(
                IllegalArgumentException.class,
                () -> serializer.fromJson(InputStream.nullInputStream(), (Type) String.class));
        assertThrows(
                IllegalArgumentException.class,
                () -> serializer.toJson("x", OutputStream.nullOutputStream(), String.class));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        serializer.toJson(
                                null, new ByteArrayOutputStream(), (Type) JsonDocument.class));
    }
}
