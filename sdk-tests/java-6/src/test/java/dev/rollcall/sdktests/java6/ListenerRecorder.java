package dev.rollcall.sdktests.java6;

import com.pubnub.api.PubNub;
import com.pubnub.api.callbacks.SubscribeCallback;
import com.pubnub.api.enums.PNStatusCategory;
import com.pubnub.api.models.consumer.PNStatus;
import com.pubnub.api.models.consumer.objects_api.channel.PNChannelMetadataResult;
import com.pubnub.api.models.consumer.objects_api.membership.PNMembershipResult;
import com.pubnub.api.models.consumer.objects_api.uuid.PNUUIDMetadataResult;
import com.pubnub.api.models.consumer.pubsub.MessageResult;
import com.pubnub.api.models.consumer.pubsub.PNMessageResult;
import com.pubnub.api.models.consumer.pubsub.PNPresenceEventResult;
import com.pubnub.api.models.consumer.pubsub.PNSignalResult;
import com.pubnub.api.models.consumer.pubsub.files.PNFileEventResult;
import com.pubnub.api.models.consumer.pubsub.message_actions.PNMessageActionResult;
import dev.rollcall.sdktests.Heard;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The listener of one client: writes down what the SDK tells, and counts how often it was connected. */
final class ListenerRecorder extends SubscribeCallback {

    private final Heard heard = new Heard();
    private final AtomicInteger connected = new AtomicInteger();
    private volatile boolean ended;

    Heard heard() {
        return heard;
    }

    /** Takes no more errors: the end of a client without a goodbye is one. */
    void end() {
        ended = true;
    }

    /** Returns how often the SDK reported that it is connected. */
    int connected() {
        return connected.get();
    }

    @Override
    public void status(PubNub client, PNStatus status) {
        if (status.isError() && !ended) {
            heard.problem(status.toString());
        }
        if (status.getCategory() == PNStatusCategory.PNConnectedCategory
                || status.getCategory() == PNStatusCategory.PNReconnectedCategory) {
            connected.incrementAndGet();
        }
    }

    @Override
    public void message(PubNub client, PNMessageResult message) {
        heard.message(message(message));
    }

    @Override
    public void signal(PubNub client, PNSignalResult signal) {
        heard.signal(message(signal));
    }

    @Override
    public void presence(PubNub client, PNPresenceEventResult event) {
        heard.presence(new Heard.Presence(
                event.getEvent(),
                event.getChannel(),
                subscription(event.getSubscription(), event.getChannel()),
                event.getUuid(),
                event.getOccupancy(),
                JsonValues.object(event.getState()),
                event.getTimetoken()));
    }

    @Override
    public void uuid(PubNub client, PNUUIDMetadataResult event) {}

    @Override
    public void channel(PubNub client, PNChannelMetadataResult event) {}

    @Override
    public void membership(PubNub client, PNMembershipResult event) {}

    @Override
    public void messageAction(PubNub client, PNMessageActionResult event) {}

    @Override
    public void file(PubNub client, PNFileEventResult event) {}

    private static Heard.Message message(MessageResult result) {
        return new Heard.Message(
                result.getChannel(),
                subscription(result.getSubscription(), result.getChannel()),
                result.getPublisher(),
                JsonValues.value(result.getMessage()),
                result.getTimetoken());
    }

    /** The SDK leaves out a subscription that equals the channel. */
    private static String subscription(@Nullable String subscription, String channel) {
        return subscription == null ? channel : subscription;
    }
}
