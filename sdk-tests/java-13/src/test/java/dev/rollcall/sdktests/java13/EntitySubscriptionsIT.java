package dev.rollcall.sdktests.java13;

import static com.pubnub.api.v2.subscriptions.SubscriptionOptions.receivePresenceEvents;
import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import com.pubnub.api.java.PubNub;
import com.pubnub.api.java.v2.callbacks.EventEmitter;
import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.Sdk;
import dev.rollcall.sdktests.SdkClient;
import dev.rollcall.sdktests.Stage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * The SDK's newer way to subscribe: channels and groups as objects with listeners of their own. The SDK then decides by
 * itself which listener an event belongs to, and goes by the server's word on which subscription matched.
 */
final class EntitySubscriptionsIT implements Sdk {

    @Override
    public SdkClient open(ClientSettings settings) {
        return new JavaSdk13Client(settings);
    }

    @Test
    void channelSubscription_hearsItsMessagesAndPresence(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        var subscription = sdk(alice).channel(room).subscription(receivePresenceEvents());
        List<String> heard = record(subscription);

        subscription.subscribe();
        eventually(() -> assertThat(heard).containsExactly("join " + alice.userId()));
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(heard).hasSize(2));
        bob.publish(room, "hello");

        eventually(() ->
                assertThat(heard).containsExactly("join " + alice.userId(), "join " + bob.userId(), "message hello"));
    }

    @Test
    void groupSubscription_hearsMessagesAndPresenceOfItsChannels(Stage stage) {
        String group = stage.name("group");
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.addToGroup(group, room);
        var subscription = sdk(alice).channelGroup(group).subscription(receivePresenceEvents());
        List<String> heard = record(subscription);

        subscription.subscribe();
        eventually(() -> assertThat(heard).containsExactly("join " + alice.userId()));
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(heard).hasSize(2));
        bob.publish(room, "hello");

        eventually(() ->
                assertThat(heard).containsExactly("join " + alice.userId(), "join " + bob.userId(), "message hello"));
    }

    @Test
    void wildcardSubscription_hearsMessagesAndPresenceBelowIt(Stage stage) {
        String house = stage.name("house");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        var subscription = sdk(alice).channel(house + ".*").subscription(receivePresenceEvents());
        List<String> heard = record(subscription);

        subscription.subscribe();
        eventually(() -> assertThat(heard).contains("join " + alice.userId()));
        bob.subscribe(toChannels(house + ".kitchen"));
        eventually(() -> assertThat(heard).contains("join " + bob.userId()));
        bob.publish(house + ".kitchen", "hello");

        eventually(() -> assertThat(heard).endsWith("message hello"));
    }

    @Test
    void subscriptionSet_keepsTheRestWhenOneIsTakenOut(Stage stage) {
        String group = stage.name("group");
        String member = stage.name("member");
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.addToGroup(group, member);
        var ofRoom = sdk(alice).channel(room).subscription();
        var ofGroup = sdk(alice).channelGroup(group).subscription();
        var both = sdk(alice).subscriptionSetOf(Set.of(ofRoom, ofGroup));
        List<String> heard = record(both);
        ((JavaSdk13Client) alice).awaitConnected(both::subscribe);
        eventually(() -> assertThat(bob.whereNow(alice.userId())).containsExactlyInAnyOrder(member, room));

        ofRoom.unsubscribe();
        eventually(() -> assertThat(bob.whereNow(alice.userId())).containsExactly(member));
        bob.publish(room, "not for her any more");
        bob.publish(member, "for her");

        eventually(() -> assertThat(heard).containsExactly("message for her"));
    }

    private static PubNub sdk(SdkClient client) {
        return ((JavaSdk13Client) client).sdk();
    }

    /** Returns a list that grows by what the listeners of {@code subscription} are told. */
    private static List<String> record(EventEmitter subscription) {
        List<String> heard = new CopyOnWriteArrayList<>();
        subscription.setOnMessage(
                message -> heard.add("message " + message.getMessage().getAsString()));
        subscription.setOnPresence(event -> heard.add(event.getEvent() + " " + event.getUuid()));
        return heard;
    }
}
