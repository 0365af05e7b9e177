package dev.rollcall.client.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTokenTest {
    /** Writes CBOR the way tokens are written. */
    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer head(int type, long number) {
            if (number < 24) {
                out.write(type << 5 | (int) number);
            } else {
                out.write(type << 5 | 26);
                for (int shift = 24; shift >= 0; shift -= 8) {
                    out.write((int) (number >> shift));
                }
            }
            return this;
        }

        Writer text(int type, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            head(type, bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        Writer key(String name) {
            return text(2, name);
        }

        String token() {
            return Base64.getUrlEncoder().encodeToString(out.toByteArray());
        }
    }

    private static String token() {
        return new Writer()
                .head(5, 8)
                .key("v")
                .head(0, 2)
                .key("t")
                .head(0, 1_747_918_912)
                .key("ttl")
                .head(0, 60)
                .key("res")
                .head(5, 2)
                .key("chan")
                .head(5, 1)
                .text(3, "rööm")
                .head(0, 3)
                .key("grp")
                .head(5, 0)
                .key("pat")
                .head(5, 1)
                .key("chan")
                .head(5, 1)
                .text(3, "^a.*$")
                .head(0, 1)
                .key("meta")
                .head(5, 1)
                .text(3, "k")
                .text(3, "v")
                .key("uuid")
                .text(3, "alice")
                .key("sig")
                .text(2, "0123456789012345678901234567890_")
                .token();
    }

    @Test
    void parse_readsWhatIsInIt() {
        AccessToken token = AccessToken.parse(token());
        assertThat(token.issued()).isEqualTo(Instant.ofEpochSecond(1_747_918_912));
        assertThat(token.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(token.expires()).isEqualTo(Instant.ofEpochSecond(1_747_918_912 + 3600));
        assertThat(token.authorizedUser()).contains("alice");
        assertThat(token.channels()).isEqualTo(Map.of("rööm", Set.of(Right.READ, Right.WRITE)));
        assertThat(token.channelGroups()).isEmpty();
        assertThat(token.channelPatterns()).isEqualTo(Map.of("^a.*$", Set.of(Right.READ)));
        assertThat(token.meta()).isEqualTo(Map.of("k", "v"));
        assertThat(token.toString()).doesNotContain("sig");
    }

    @Test
    void parse_refusesAnythingElseWithoutShowingIt() {
        for (String no : new String[] {
            "", "auth-key", "!!", "p0F2", Base64.getUrlEncoder().encodeToString(new byte[100])
        }) {
            assertThatThrownBy(() -> AccessToken.parse(no))
                    .as(no)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "token of " + no.length() + " characters that cannot be read (expected: an access token)");
        }
    }

    @Test
    void parse_survivesDamage() {
        byte[] good = Base64.getUrlDecoder().decode(token());
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int j = 0; j <= random.nextInt(4); j++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                AccessToken.parse(Base64.getUrlEncoder().encodeToString(bad));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("expected");
            }
        }
    }
}
