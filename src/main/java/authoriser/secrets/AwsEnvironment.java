package authoriser.secrets;

import authoriser.config.Partitions;
import authoriser.http.Endpoint;
import java.util.Map;
import java.util.Optional;

/**
 * The environment variables of Lambda and of AWS's SDKs that describe AWS's services.
 *
 * @param variables all environment variables; white space around a value is removed, and an empty
 *     one counts as unset
 */
record AwsEnvironment(Map<String, String> variables) {
    private static final String URL_OF_SERVICE = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
    private static final String URL_OF_ALL = "AWS_ENDPOINT_URL";

    /** The variables are not usable. The message holds no secret value. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        private final String detail;

        private Unusable(String detail) {
            super(detail);
            this.detail = detail;
        }

        String detail() {
            return detail;
        }
    }

    /** The region of the function. */
    String region() throws Unusable {
        String region = value("AWS_REGION").or(() -> value("AWS_DEFAULT_REGION")).orElse("");
        if (region.isEmpty()) {
            throw new Unusable("AWS_REGION is not set");
        }
        for (int i = 0; i < region.length(); i++) {
            char c = region.charAt(i);
            if (c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                throw new Unusable("AWS_REGION is not a region's name");
            }
        }
        return region;
    }

    /** The credentials of the function's role. */
    AwsCredentials credentials() throws Unusable {
        return new AwsCredentials(
                required("AWS_ACCESS_KEY_ID"),
                required("AWS_SECRET_ACCESS_KEY"),
                value("AWS_SESSION_TOKEN"));
    }

    /** The URL of Secrets Manager: as configured for AWS's SDKs, else the region's. */
    Endpoint secretsManager(String region) throws Unusable {
        boolean configured = !isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        for (String name : new String[] {URL_OF_SERVICE, URL_OF_ALL}) {
            Optional<String> url = value(name);
            if (configured && url.isPresent()) {
                return checked(name, url.get());
            }
        }
        String host = isTrue("AWS_USE_FIPS_ENDPOINT") ? "secretsmanager-fips" : "secretsmanager";
        return checked(
                "AWS_REGION",
                "https://" + host + "." + region + "." + Partitions.domainOf(region) + "/");
    }

    private static Endpoint checked(String name, String url) throws Unusable {
        Endpoint endpoint =
                Endpoint.parse(url)
                        .orElseThrow(() ->
                                new Unusable(
                                        name
                                                + " "
                                                + Endpoint.problemOf(url).orElse("is not a URL")));
        if (!endpoint.origin().tls() && !endpoint.origin().loopback()) {
            throw new Unusable(name + " must be https, except on a loopback host");
        }
        if (!isSigned(endpoint.target())) {
            throw new Unusable(name + " must not hold a query, nor a path that has to be encoded");
        }
        return endpoint;
    }

    /** Whether a path is signed as it is, without being normalised or encoded. */
    private static boolean isSigned(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-_~/.".indexOf(c) >= 0;
            if (!plain) {
                return false;
            }
        }
        return !path.contains("//") && !path.contains("/.");
    }

    private String required(String name) throws Unusable {
        return value(name).orElseThrow(() -> new Unusable(name + " is not set"));
    }

    private boolean isTrue(String name) {
        return value(name).orElse("").equalsIgnoreCase("true");
    }

    private Optional<String> value(String name) {
        String value = variables.getOrDefault(name, "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    @Override
    public String toString() {
        return "AwsEnvironment";
    }
}
