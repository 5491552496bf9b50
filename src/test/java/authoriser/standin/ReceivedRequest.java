package authoriser.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One HTTP request as a stand-in received it, body and all. */
public record ReceivedRequest(
        String method, URI uri, Headers headers, byte[] body, InetSocketAddress sender) {
    public String path() {
        return uri.getPath();
    }

    /** The path as the caller wrote it: a URI takes what follows two slashes for a host. */
    public String rawPath() {
        if (uri.getScheme() != null || uri.getRawAuthority() == null) {
            return uri.getRawPath();
        }
        return "//" + uri.getRawAuthority() + uri.getRawPath();
    }

    /** The first value of a header, whose name is compared without case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    /** Every value of a header in the order of arrival. */
    public List<String> headerValues(String name) {
        return headers.getOrDefault(name, List.of());
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return TestJson.read(body);
    }

    /** Names the request without its query, headers and body, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + rawPath();
    }
}
