package dev.rollcall.sdktests.java13;

import static dev.rollcall.sdktests.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.pubnub.api.PubNubException;
import com.pubnub.api.UserId;
import com.pubnub.api.endpoints.remoteaction.RemoteAction;
import com.pubnub.api.java.PubNub;
import com.pubnub.api.java.v2.PNConfiguration;
import com.pubnub.api.models.consumer.presence.PNHereNowChannelData;
import com.pubnub.api.models.consumer.presence.PNHereNowResult;
import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.ClientSettings.Lifetime;
import dev.rollcall.sdktests.Heard;
import dev.rollcall.sdktests.HereNow;
import dev.rollcall.sdktests.HereNow.Occupant;
import dev.rollcall.sdktests.HereNow.Room;
import dev.rollcall.sdktests.HereNowRequest;
import dev.rollcall.sdktests.SdkClient;
import dev.rollcall.sdktests.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client of PubNub's Java SDK 13. */
final class JavaSdk13Client implements SdkClient {

    private final String userId;
    private final PubNub sdk;
    private final ListenerRecorder listener = new ListenerRecorder();

    JavaSdk13Client(ClientSettings settings) {
        userId = settings.userId();
        sdk = PubNub.create(configuration(settings));
        sdk.addListener(listener);
    }

    private static PNConfiguration configuration(ClientSettings settings) {
        try {
            var builder = PNConfiguration.builder(new UserId(settings.userId()), settings.subscribeKey())
                    .publishKey(settings.publishKey())
                    .origin(settings.origin())
                    .secure(false);
            Lifetime lifetime = settings.lifetime();
            if (lifetime != null) {
                int seconds = lifetime.presenceTimeoutSeconds();
                builder.presenceTimeout(seconds).heartbeatInterval(lifetime.heartbeats() ? seconds / 2 - 1 : 0);
            }
            return builder.build();
        } catch (PubNubException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Returns the SDK's own client, for what only this SDK has. */
    PubNub sdk() {
        return sdk;
    }

    @Override
    public String userId() {
        return userId;
    }

    @Override
    public Heard heard() {
        return listener.heard();
    }

    @Override
    public long time() {
        return answer(sdk.time()).getTimetoken();
    }

    @Override
    public void subscribe(Subscription subscription) {
        var builder = sdk.subscribe().channels(subscription.channels()).channelGroups(subscription.groups());
        if (subscription.presence()) {
            builder.withPresence();
        }
        awaitConnected(builder::execute);
    }

    /**
     * Starts a subscription and returns as soon as the SDK reports that it is connected. Only then has it a timetoken:
     * what is published earlier, even after others see it join, is before its time.
     */
    void awaitConnected(Runnable subscribe) {
        int before = listener.connected();
        subscribe.run();
        eventually(() -> assertThat(listener.connected()).as("connected").isGreaterThan(before));
    }

    @Override
    public void unsubscribe(Subscription subscription) {
        sdk.unsubscribe()
                .channels(subscription.channels())
                .channelGroups(subscription.groups())
                .execute();
    }

    @Override
    public void reconnect() {
        awaitConnected(() -> {
            sdk.disconnect();
            sdk.reconnect();
        });
    }

    @Override
    public void vanish() {
        listener.end();
        sdk.forceDestroy();
    }

    @Override
    public long publish(String channel, Object content) {
        return answer(sdk.publish(content, channel)).getTimetoken();
    }

    @Override
    public long publishByPost(String channel, Object content) {
        return answer(sdk.publish(content, channel).usePOST(true)).getTimetoken();
    }

    @Override
    public long signal(String channel, Object content) {
        return answer(sdk.signal(content, channel)).getTimetoken();
    }

    @Override
    public HereNow hereNow(HereNowRequest request) {
        var call = sdk.hereNow()
                .channels(request.channels())
                .channelGroups(request.groups())
                .includeState(request.state())
                .includeUUIDs(request.userIds());
        Integer limit = request.limit();
        if (limit != null) {
            call.limit(limit);
        }
        if (request.offset() != null) {
            call.offset(request.offset());
        }
        PNHereNowResult result = answer(call);
        Map<String, Room> channels = new HashMap<>();
        result.getChannels().forEach((channel, room) -> channels.put(channel, room(room)));
        return new HereNow(result.getTotalChannels(), result.getTotalOccupancy(), channels);
    }

    private static Room room(PNHereNowChannelData channel) {
        List<Occupant> occupants = channel.getOccupants().stream()
                .map(occupant -> new Occupant(occupant.getUuid(), JsonValues.object(occupant.getState())))
                .toList();
        return new Room(channel.getOccupancy(), occupants);
    }

    @Override
    public List<String> whereNow(String whose) {
        return answer(sdk.whereNow().uuid(whose)).getChannels();
    }

    @Override
    public Map<String, Object> setState(
            String whose, List<String> channels, List<String> groups, Map<String, Object> state) {
        var call = sdk.setPresenceState()
                .uuid(whose)
                .channels(channels)
                .channelGroups(groups)
                .state(state);
        return JsonValues.object(answer(call).getState());
    }

    @Override
    public Map<String, Map<String, Object>> state(String whose, List<String> channels, List<String> groups) {
        var call = sdk.getPresenceState().uuid(whose).channels(channels).channelGroups(groups);
        return JsonValues.states(answer(call).getStateByUUID());
    }

    @Override
    public void addToGroup(String group, String... channels) {
        answer(sdk.addChannelsToChannelGroup().channelGroup(group).channels(List.of(channels)));
    }

    @Override
    public void removeFromGroup(String group, String... channels) {
        answer(sdk.removeChannelsFromChannelGroup().channelGroup(group).channels(List.of(channels)));
    }

    @Override
    public List<String> channelsOfGroup(String group) {
        return answer(sdk.listChannelsForChannelGroup().channelGroup(group)).getChannels();
    }

    @Override
    public void deleteGroup(String group) {
        answer(sdk.deleteChannelGroup().channelGroup(group));
    }

    @Override
    public void close() {
        vanish();
    }

    private static <T> T answer(RemoteAction<T> call) {
        try {
            return call.sync();
        } catch (PubNubException e) {
            throw new AssertionError("the SDK refused or could not read the answer: " + e, e);
        }
    }
}
