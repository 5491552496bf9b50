package authoriser.secrets;

import java.util.Optional;

/**
 * The credentials of the function's role.
 *
 * @param secretKey the secret access key, which is never printed
 * @param sessionToken the session token, which is never printed
 */
record AwsCredentials(String accessKeyId, String secretKey, Optional<String> sessionToken) {

    @Override
    public String toString() {
        return "AwsCredentials[" + accessKeyId + "]";
    }
}
