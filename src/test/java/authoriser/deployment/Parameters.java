package authoriser.deployment;

import java.util.Map;

/** Parameters to deploy the template with. */
final class Parameters {
    /** The parameters without a default. */
    static final Map<String, String> LEAST =
            Map.of(
                    "ImageUri",
                            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/authoriser@sha256:"
                                    + "0123456789abcdef".repeat(4),
                    "Architecture", "x86_64",
                    "CognitoUserPoolId", "eu-west-1_Ab12Cd34E",
                    "ValidatedHeaders", "X-Tenant-Id",
                    "ValidationServiceUrl", "https://validation.example.com/validate",
                    "ValidationServiceTokenUrl",
                            "https://example.auth.eu-west-1.amazoncognito.com/oauth2/token",
                    "ValidationServiceClientIdValue", "3n4b5urk1ft4fl3mg5e62d9ado",
                    "ValidationServiceClientSecretArn",
                            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf");

    static final Map<String, String> EXISTING_API = Map.of("ExistingRestApiId", "a1b2c3d4e5");

    static final Map<String, String> IN_VPC =
            Map.of(
                    "SubnetIds",
                    "subnet-0a1b2c3d,subnet-4e5f6a7b",
                    "SecurityGroupIds",
                    "sg-0a1b2c3d");

    private Parameters() {}
}
