package authoriser;

import authoriser.event.RequestEvent;
import authoriser.json.JsonDocument;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/**
 * Reads events and writes answers for the runtime client, which then does not load its databind.
 *
 * <p>The runtime client finds it through {@code META-INF/services}.
 */
public final class EventSerializer implements CustomPojoSerializer {

    /** For the service loader. */
    public EventSerializer() {}

    @Override
    @SuppressWarnings({
        "unchecked",
        "TypeParameterUnusedInFormals"
    }) // the runtime client asks only for the handler's own types
    public <T> T fromJson(InputStream input, Type type) {
        if (type != RequestEvent.class) {
            throw new IllegalArgumentException("not a type of the handler: " + type);
        }
        return (T) RequestEvent.read(input);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T fromJson(String input, Type type) {
        return fromJson(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), type);
    }

    @Override
    public <T> void toJson(T value, OutputStream output, Type type) {
        if (!(value instanceof JsonDocument answer)) {
            throw new IllegalArgumentException("not a type of the handler: " + type);
        }
        try {
            answer.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
