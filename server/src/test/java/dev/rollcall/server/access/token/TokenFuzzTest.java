package dev.rollcall.server.access.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.key.AccessKeyset;
import dev.rollcall.server.access.key.SecretKey;
import java.util.Arrays;
import java.util.Base64;

/** Whatever bytes claim to be a token, they are refused, or are read as what they say; and none is right that was not signed. */
class TokenFuzzTest {
    private static final AccessKeyset KEYSET =
            AccessKeyset.of(new SubscribeKey("sub"), "pub", "secret-for-fuzzing-only");

    /** The HMAC is no obstacle here: the reader is given the bytes unsigned. */
    @FuzzTest
    void read(byte[] input) {
        Token token;
        try {
            CborReader.readMap(input);
            token = TokenCodec.decode(input);
        } catch (MalformedTokenException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        byte[] signature = Arrays.copyOfRange(input, input.length - SecretKey.CODE_BYTES, input.length);
        byte[] again = TokenCodec.withSignature(TokenCodec.encode(token), signature);
        try {
            assertThat(TokenCodec.encode(TokenCodec.decode(again))).isEqualTo(TokenCodec.encode(token));
        } catch (MalformedTokenException e) {
            throw new AssertionError("what was read cannot be read again", e);
        }
    }

    @FuzzTest
    void open(byte[] input) {
        String text = Base64.getUrlEncoder().encodeToString(input);
        assertThat(new Tokens().open(KEYSET, text)).isNull();
        assertThat(new Tokens().open(KEYSET, new String(input, UTF_8))).isNull();
    }

    @FuzzTest
    void grant(byte[] input) {
        try {
            Token token = TokenGrantReader.read(input, 1_700_000_000L);
            assertThat(token.ttlMinutes()).isBetween(1, Token.MAX_TTL_MINUTES);
            String sealed = Tokens.seal(KEYSET, token);
            if (sealed.length() <= Tokens.MAX_LENGTH) {
                VerifiedToken opened = new Tokens().open(KEYSET, sealed);
                assertThat(opened).as("a token that was granted opens").isNotNull();
            }
        } catch (InvalidGrantException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (ProtocolException e) {
            assertThat(e.text()).isNotEmpty();
        }
    }
}
