package authoriser.token;

import authoriser.crypto.NativeProvider;
import authoriser.standin.SigningKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A token before it is signed. Each step of making it can be changed. */
final class TokenDraft {
    /** They are used again and again: to make one takes longer than to sign. */
    private static final Map<SigningKey, Signature> SIGNATURES = new HashMap<>();

    final Map<String, Object> header = new LinkedHashMap<>();
    final Map<String, Object> claims = new LinkedHashMap<>();

    /** Changes the JSON of the header and of the claims, as text and as bytes. */
    UnaryOperator<String> headerJson = UnaryOperator.identity();

    UnaryOperator<String> claimsJson = UnaryOperator.identity();
    UnaryOperator<byte[]> headerBytes = UnaryOperator.identity();
    UnaryOperator<byte[]> claimsBytes = UnaryOperator.identity();

    /** Changes the encoded parts before they are signed. */
    UnaryOperator<String> headerPart = UnaryOperator.identity();

    UnaryOperator<String> claimsPart = UnaryOperator.identity();

    SigningKey key = TokenChange.ONE;

    /** Signs the signing input; null for an RS256 signature by the key. */
    Function<String, byte[]> signer;

    /** Changes the signature. */
    UnaryOperator<byte[]> signature = UnaryOperator.identity();

    /** Puts signing input and encoded signature together. */
    BinaryOperator<String> compact = (input, signature) -> input + "." + signature;

    /** The token. */
    String token() {
        String input =
                headerPart.apply(part(headerJson.apply(SampleKeys.json(header)), headerBytes))
                        + "."
                        + claimsPart.apply(
                                part(claimsJson.apply(SampleKeys.json(claims)), claimsBytes));
        byte[] signed = signer == null ? signed(key, input) : signer.apply(input);
        return compact.apply(input, SampleKeys.base64Url(signature.apply(signed)));
    }

    private static byte[] signed(SigningKey key, String input) {
        try {
            Signature signature = SIGNATURES.get(key);
            if (signature == null) {
                // the native provider signs faster
                Optional<Provider> provider = NativeProvider.find();
                signature =
                        provider.isPresent()
                                ? Signature.getInstance("SHA256withRSA", provider.get())
                                : Signature.getInstance("SHA256withRSA");
                signature.initSign(key.privateKey());
                SIGNATURES.put(key, signature);
            }
            signature.update(input.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(String json, UnaryOperator<byte[]> change) {
        return SampleKeys.base64Url(change.apply(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** A change that puts bytes around others. */
    static UnaryOperator<byte[]> between(byte[] before, byte[] after) {
        return bytes -> {
            var all = new ByteArrayOutputStream();
            all.writeBytes(before);
            all.writeBytes(bytes);
            all.writeBytes(after);
            return all.toByteArray();
        };
    }
}
