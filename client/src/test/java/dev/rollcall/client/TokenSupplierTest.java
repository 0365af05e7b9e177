package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.access.Right;
import dev.rollcall.client.retry.Delay;
import dev.rollcall.client.testing.FakeTransport;
import dev.rollcall.client.testing.Recorder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TokenSupplierTest {
    private final FakeTransport transport = new FakeTransport();
    private final Recorder told = new Recorder();
    private final Deque<CompletionStage<String>> tokens = new ArrayDeque<>();

    private RollcallClient client() {
        RollcallClient made = RollcallClient.create(
                ClientConfig.builder("demo", "me")
                        .tokenSupplier(tokens::remove)
                        .reconnectDelay(Delay.constant(Duration.ofSeconds(1)))
                        .build(),
                transport,
                () -> 0.5);
        made.addListener(told);
        return made;
    }

    @Test
    void first_isWaitedFor() {
        CompletableFuture<String> first = new CompletableFuture<>();
        tokens.add(first);
        RollcallClient client = client();
        CompletableFuture<Status> connected = client.subscribe().channels("a").future();
        assertThat(transport.sent()).isEmpty();
        first.complete("one");
        assertThat(transport.openPoll().query()).containsEntry("auth", "one");
        transport.shakeHands("100");
        assertThat(connected).isCompleted();
    }

    @Test
    void refused_isReplaced() {
        tokens.add(CompletableFuture.completedFuture("one"));
        RollcallClient client = client();
        client.subscribe().channels("a").execute();
        transport.shakeHands("100");
        tokens.add(CompletableFuture.completedFuture("two"));
        transport.openPoll().status(403, "{\"status\":403,\"error\":true,\"message\":\"Token is expired.\"}");
        assertThat(told.statuses().get(1).category()).isEqualTo(Category.ACCESS_DENIED);
        assertThat(told.statuses().get(1).goesOn()).isTrue();
        transport.scheduler().advance(Duration.ofSeconds(1));
        assertThat(transport.openPoll().query()).containsEntry("auth", "two");
    }

    @Test
    void failure_isToldAndAskedAgain() {
        tokens.add(CompletableFuture.failedFuture(new AssertionError("no")));
        RollcallClient client = client();
        client.subscribe().channels("a").execute();
        tokens.add(CompletableFuture.completedFuture("two"));
        transport.scheduler().advance(Duration.ofSeconds(1));
        assertThat(transport.openPoll().query()).containsEntry("auth", "two");
    }

    @Test
    void grant_putsTheRightsTogether() {
        RollcallClient server = RollcallClient.create(
                ClientConfig.builder("demo", "server")
                        .publishKey("pub")
                        .secretKey("secret")
                        .build(),
                transport);
        CompletableFuture<Envelope<GrantResult>> granted = server.grantToken()
                .ttl(Duration.ofHours(1))
                .authorizedUser("alice")
                .channel("room", Right.READ, Right.WRITE)
                .channelGroupPattern("^g-.*$", Right.READ, Right.MANAGE)
                .future();
        var sent = transport.last();
        assertThat(sent.path()).isEqualTo("/v3/pam/demo/grant");
        assertThat(sent.request().method()).isEqualTo("POST");
        assertThat(sent.query()).containsKeys("timestamp", "signature").doesNotContainKey("auth");
        assertThat(new String(
                        java.util.Objects.requireNonNull(sent.request().body()),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"ttl\":60,\"permissions\":{\"resources\":{\"channels\":{\"room\":3},\"groups\":{},\"uuids\":{}},"
                                + "\"patterns\":{\"channels\":{},\"groups\":{\"^g-.*$\":5},\"uuids\":{}},\"meta\":{},\"uuid\":\"alice\"}}");
        sent.ok(
                "{\"data\":{\"message\":\"Success\",\"token\":\"p0F2\"},\"service\":\"Access Manager\",\"status\":200}");
        assertThat(granted.join().result().token()).isEqualTo("p0F2");
        server.revokeToken().token("p0F2=").future();
        assertThat(transport.last().request().method()).isEqualTo("DELETE");
        assertThat(transport.last().path()).isEqualTo("/v3/pam/demo/grant/p0F2%3D");
        List.<Runnable>of(
                        () -> server.grantToken().channel("a", Right.READ).sync(),
                        () -> server.grantToken().ttl(Duration.ofMinutes(1)).sync(),
                        () -> server.revokeToken().sync())
                .forEach(call -> assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class));
    }
}
