package dev.rollcall.server.access;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.access.Refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevocationWatchTest extends AccessFixture {
    private final List<Refusal> refusals = new ArrayList<>();

    private AccessRequest poll(String credential) {
        return new AccessRequest(KEY, Operation.SUBSCRIBE, channels("room"), groups("g"), null, credential);
    }

    private String tokenOf(String nonce) throws InvalidGrantException {
        String body = "{\"ttl\":60,\"permissions\":{\"resources\":{\"channels\":{\"room\":1}},\"meta\":{\"n\":\""
                + nonce + "\"}}}";
        return Tokens.seal(keyset, TokenGrantReader.read(body.getBytes(StandardCharsets.UTF_8), now()));
    }

    @Test
    void revoke_refusesWhoWaitsWithTheTokenAndNobodyElse() throws Exception {
        String token = tokenOf("a");
        String other = tokenOf("b");
        List<Refusal> others = new ArrayList<>();
        access.whenRevoked(poll(token), refusals::add);
        access.whenRevoked(poll(token), refusals::add);
        Runnable unwatch = requireNonNull(access.whenRevoked(poll(token), others::add));
        access.whenRevoked(poll(other), others::add);
        unwatch.run();
        unwatch.run();
        revoke(token);
        Refusal refusal = new Refusal(Reason.TOKEN_REVOKED, channels("room"), groups("g"));
        assertThat(refusals).containsExactly(refusal, refusal);
        assertThat(others).isEmpty();
        assertThat(access.watchedTokens()).isEqualTo(1);
    }

    @Test
    void whenRevoked_runsAtOnceIfItIsAlready() throws Exception {
        String token = tokenOf("a");
        revoke(token);
        access.whenRevoked(poll(token), refusals::add);
        assertThat(refusals).hasSize(1);
        assertThat(access.watchedTokens()).isZero();
    }

    @Test
    void whenRevoked_holdsNothingOfOtherCredentials() throws Exception {
        assertThat(access.whenRevoked(poll("auth-key"), refusals::add)).isNull();
        assertThat(access.whenRevoked(poll("p0F2AkF0nonsense"), refusals::add)).isNull();
        Runnable unwatch = requireNonNull(access.whenRevoked(poll(tokenOf("a")), refusals::add));
        unwatch.run();
        assertThat(access.watchedTokens()).isZero();
    }
}
