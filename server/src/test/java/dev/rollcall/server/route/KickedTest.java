package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.kick.Kick;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients hear when an operator takes their user off. */
class KickedTest extends RouteFixture {
    private static final String FORBIDDEN = "{\"message\":\"Forbidden\",\"payload\":{\"channels\":[\"room\"]},"
            + "\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n";

    @Test
    void kick_answersThePollWithNothing() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=alice");

        kick(Duration.ZERO);

        assertThat(poll.status()).isEqualTo(200);
        assertThat(poll.body()).contains("\"m\":[]");
    }

    @Test
    void ban_refusesInTheShapeThatClientsStopAt() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=alice");

        kick(Duration.ofMinutes(10));

        assertThat(poll.status()).isEqualTo(403);
        assertThat(poll.body()).isEqualTo(FORBIDDEN);
        for (String request : List.of(
                "/v2/subscribe/sub/room/0?uuid=alice",
                PRESENCE + "/channel/room/heartbeat?uuid=alice",
                PRESENCE + "/channel/room/uuid/alice/data?state=%7B%22k%22%3A1%7D")) {
            FakeExchange refused = get(request);
            assertThat(refused.status()).as(request).isEqualTo(403);
            assertThat(refused.body()).as(request).isEqualTo(FORBIDDEN);
        }
        assertThat(get(PRESENCE + "/channel/room/leave?uuid=alice").status()).isEqualTo(200);
        assertThat(get(PRESENCE + "/channel/room?uuid=bob").body()).contains("\"occupancy\":0");
    }

    private void kick(Duration keepOff) {
        engine.kicks().kick(new Kick(new SubscribeKey("sub"), new UserId("alice"), List.of(), keepOff, null));
    }
}
