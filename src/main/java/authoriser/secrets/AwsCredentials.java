package authoriser.secrets;

import java.util.Optional;

/**
 * The credentials of the function's role.
 *
 * @param secretKey not printed, as the session token
 */
record AwsCredentials(String accessKeyId, String secretKey, Optional<String> sessionToken) {

    @Override
    public String toString() {
        return "AwsCredentials[" + accessKeyId + "]";
    }
}
