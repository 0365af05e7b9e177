package dev.rollcall.sdktests.java13;

import static dev.rollcall.sdktests.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.pubnub.api.PubNubException;
import com.pubnub.api.UserId;
import com.pubnub.api.endpoints.remoteaction.RemoteAction;
import com.pubnub.api.java.PubNub;
import com.pubnub.api.java.models.consumer.access_manager.v3.ChannelGrant;
import com.pubnub.api.java.models.consumer.access_manager.v3.ChannelGroupGrant;
import com.pubnub.api.java.v2.PNConfiguration;
import com.pubnub.api.models.consumer.access_manager.v3.PNToken;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Grants, tokens and refusals through the SDK, against a server with the Access Manager on. */
final class AccessManagerIT {
    private static final String SUBSCRIBE_KEY = "sub-access";
    private static final String PUBLISH_KEY = "pub-access";
    private static final String SECRET_KEY = "sec-access-0123456789";

    private final List<PubNub> clients = new ArrayList<>();
    private RollcallServer server;
    private PubNub admin;

    @BeforeEach
    void start() throws PubNubException {
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey(SUBSCRIBE_KEY), PUBLISH_KEY, KeysetSettings.DEFAULT);
        server = RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withKeysets(keyset.withSecretKey(SECRET_KEY)));
        admin = client("admin", builder -> builder.secretKey(SECRET_KEY));
    }

    @AfterEach
    void stop() {
        clients.forEach(PubNub::forceDestroy);
        server.close();
    }

    private PubNub client(String user, Consumer<PNConfiguration.Builder> settings) throws PubNubException {
        var builder = PNConfiguration.builder(new UserId(user), SUBSCRIBE_KEY)
                .publishKey(PUBLISH_KEY)
                .origin("127.0.0.1:" + server.port())
                .secure(false);
        settings.accept(builder);
        PubNub client = PubNub.create(builder.build());
        clients.add(client);
        return client;
    }

    private static PubNubException refusal(RemoteAction<?> call) {
        try {
            call.sync();
        } catch (PubNubException e) {
            assertThat(e.getStatusCode()).isEqualTo(403);
            return e;
        }
        throw new AssertionError("not refused");
    }

    @Test
    void token_grantParseUseRefuseRevoke() throws PubNubException {
        PubNub alice = client("alice", builder -> {});
        assertThat(refusal(alice.hereNow().channels(List.of("room"))).getAffectedChannels())
                .containsExactly("room");

        String token = admin.grantToken(60)
                .channels(List.of(
                        ChannelGrant.name("room").read(),
                        ChannelGrant.pattern("^talk-[a-z]+$").read().write()))
                .channelGroups(List.of(ChannelGroupGrant.id("friends").read().manage()))
                .meta(Map.of("tenant", "acme"))
                .authorizedUUID("alice")
                .sync()
                .getToken();

        PNToken parsed = alice.parseToken(token);
        assertThat(parsed.getTtl()).isEqualTo(60);
        assertThat(parsed.getAuthorizedUUID()).isEqualTo("alice");
        assertThat(parsed.getResources().getChannels().get("room").getRead()).isTrue();
        assertThat(parsed.getResources().getChannels().get("room").getWrite()).isFalse();
        assertThat(parsed.getResources().getChannelGroups().get("friends").getManage())
                .isTrue();
        assertThat(parsed.getPatterns().getChannels().get("^talk-[a-z]+$").getWrite())
                .isTrue();
        assertThat(parsed.getMeta()).isEqualTo(Map.of("tenant", "acme"));

        alice.setToken(token);
        alice.addChannelsToChannelGroup()
                .channelGroup("friends")
                .channels(List.of("room"))
                .sync();
        alice.subscribe()
                .channels(List.of("room", "talk-a"))
                .channelGroups(List.of("friends"))
                .withPresence()
                .execute();
        eventually(() -> assertThat(alice.hereNow()
                        .channels(List.of("room", "talk-a"))
                        .sync()
                        .getTotalOccupancy())
                .isEqualTo(2));
        alice.setPresenceState()
                .channels(List.of("room"))
                .state(Map.of("mood", "good"))
                .sync();
        assertThat(alice.publish("hi", "talk-a").sync().getTimetoken()).isPositive();

        assertThat(refusal(alice.publish("hi", "room")).getAffectedChannels()).containsExactly("room");
        assertThat(refusal(alice.hereNow().channels(List.of("room", "talk-1"))).getAffectedChannels())
                .containsExactly("talk-1");
        assertThat(refusal(alice.listChannelsForChannelGroup().channelGroup("foes"))
                        .getAffectedChannelGroups())
                .containsExactly("foes");
        PubNub bob = client("bob", builder -> {});
        bob.setToken(token);
        assertThat(refusal(bob.hereNow().channels(List.of("room"))).getAffectedChannels())
                .containsExactly("room");
        assertThat(bob.whereNow().uuid("alice").sync().getChannels()).contains("room", "talk-a");

        admin.revokeToken().token(token).sync();
        assertThat(refusal(alice.hereNow().channels(List.of("room"))).getMessage())
                .contains("Token is revoked");
    }

    @Test
    void secretKey_isEnoughForEverything() throws PubNubException {
        assertThat(admin.hereNow().sync().getTotalOccupancy()).isZero();
        assertThat(admin.publish(Map.of("größe", "a+b & c*~"), "röom 1").sync().getTimetoken())
                .isPositive();
        assertThat(admin.publish(Map.of("a", 1), "room").usePOST(true).sync().getTimetoken())
                .isPositive();
        assertThat(admin.signal("hi", "room").sync().getTimetoken()).isPositive();
        admin.addChannelsToChannelGroup()
                .channelGroup("g")
                .channels(List.of("a", "b"))
                .sync();
        assertThat(admin.listChannelsForChannelGroup().channelGroup("g").sync().getChannels())
                .hasSize(2);
        admin.setPresenceState()
                .channels(List.of("room", "b,c"))
                .state(Map.of("a", "/?&=+ *~,"))
                .sync();
        PubNub other = client("admin", builder -> builder.secretKey("sec-another-secret-key"));
        assertThatExceptionOfType(PubNubException.class)
                .isThrownBy(() -> other.grantToken(60)
                        .channels(List.of(ChannelGrant.name("room").read()))
                        .sync())
                .satisfies(e -> assertThat(e.getStatusCode()).isEqualTo(403));
        assertThat(refusal(other.hereNow().channels(List.of("room"))).getAffectedChannels())
                .containsExactly("room");
    }

    @Test
    @SuppressWarnings("deprecation") // the SDK calls version 2 deprecated; clients of it are still there
    void authKey_grantUseRevoke() throws PubNubException {
        PubNub carol = client("carol", builder -> builder.authKey("key-carol"));
        assertThat(refusal(carol.publish("hi", "room")).getAffectedChannels()).containsExactly("room");
        var granted = admin.grant()
                .channels(List.of("room", "club.*"))
                .channelGroups(List.of("g"))
                .authKeys(List.of("key-carol"))
                .read(true)
                .write(true)
                .ttl(5)
                .sync();
        assertThat(granted.getTtl()).isEqualTo(5);
        assertThat(granted.getChannels().get("room").get("key-carol").isWriteEnabled())
                .isTrue();
        assertThat(granted.getChannels().get("club.*").get("key-carol").isManageEnabled())
                .isFalse();
        assertThat(granted.getChannelGroups().get("g").get("key-carol").isReadEnabled())
                .isTrue();
        assertThat(carol.publish("hi", "room").sync().getTimetoken()).isPositive();
        assertThat(carol.publish("hi", "club.bar").sync().getTimetoken()).isPositive();
        admin.grant().channels(List.of("room")).authKeys(List.of("key-carol")).sync();
        refusal(carol.publish("hi", "room"));
        admin.grant()
                .channels(List.of("room"))
                .channelGroups(List.of("g"))
                .authKeys(List.of("key-carol"))
                .read(true)
                .sync();
        admin.grant().channels(List.of("a", "b")).read(true).sync();
        admin.grant().read(true).sync();
        assertThat(carol.hereNow().sync().getTotalOccupancy()).isZero();
    }
}
