package dev.rollcall.sdktests.kotlin

import com.pubnub.api.PubNub
import com.pubnub.api.UserId
import com.pubnub.api.models.consumer.presence.PNHereNowChannelData
import dev.rollcall.sdktests.ClientSettings
import dev.rollcall.sdktests.Heard
import dev.rollcall.sdktests.HereNow
import dev.rollcall.sdktests.HereNowRequest
import dev.rollcall.sdktests.SdkClient
import dev.rollcall.sdktests.Stage.eventually
import dev.rollcall.sdktests.Subscription
import org.assertj.core.api.Assertions.assertThat

/** A client of PubNub's Kotlin SDK. */
internal class KotlinSdkClient(settings: ClientSettings) : SdkClient {
    private val userId = settings.userId()
    private val listener = ListenerRecorder()
    private val sdk = PubNub.create(UserId(settings.userId()), settings.subscribeKey()) {
        publishKey = settings.publishKey()
        origin = settings.origin()
        secure = false
        settings.lifetime()?.let {
            presenceTimeout = it.presenceTimeoutSeconds()
            heartbeatInterval = if (it.heartbeats()) it.presenceTimeoutSeconds() / 2 - 1 else 0
        }
    }

    init {
        sdk.addListener(listener)
    }

    override fun userId(): String = userId

    override fun heard(): Heard = listener.heard

    override fun time(): Long = sdk.time().sync().timetoken

    override fun subscribe(subscription: Subscription) = awaitConnected {
        sdk.subscribe(subscription.channels(), subscription.groups(), subscription.presence())
    }

    /** Returns as soon as the SDK reports that it is connected: only then does it have a timetoken. */
    private fun awaitConnected(subscribe: () -> Unit) {
        val before = listener.connected()
        subscribe()
        eventually { assertThat(listener.connected()).`as`("connected").isGreaterThan(before) }
    }

    override fun unsubscribe(subscription: Subscription) =
        sdk.unsubscribe(subscription.channels(), subscription.groups())

    override fun reconnect() = awaitConnected {
        sdk.disconnect()
        sdk.reconnect()
    }

    override fun vanish() {
        listener.end()
        sdk.forceDestroy()
    }

    override fun publish(channel: String, content: Any): Long = sdk.publish(channel, content).sync().timetoken

    override fun publishByPost(channel: String, content: Any): Long =
        sdk.publish(channel, content, usePost = true).sync().timetoken

    override fun signal(channel: String, content: Any): Long = sdk.signal(channel, content).sync().timetoken

    override fun hereNow(request: HereNowRequest): HereNow {
        val result = sdk.hereNow(
            channels = request.channels(),
            channelGroups = request.groups(),
            includeState = request.state(),
            includeUUIDs = request.userIds(),
            limit = request.limit() ?: 1000,
            offset = request.offset(),
        ).sync()
        return HereNow(result.totalChannels, result.totalOccupancy, result.channels.mapValues { room(it.value) })
    }

    private fun room(channel: PNHereNowChannelData): HereNow.Room =
        HereNow.Room(channel.occupancy, channel.occupants.map { HereNow.Occupant(it.uuid, JsonValues.map(it.state)) })

    override fun whereNow(userId: String): List<String> = sdk.whereNow(userId).sync().channels

    override fun setState(
        userId: String,
        channels: List<String>,
        groups: List<String>,
        state: Map<String, Any>,
    ): Map<String, Any> = JsonValues.map(sdk.setPresenceState(channels, groups, state, userId).sync().state)

    override fun state(
        userId: String,
        channels: List<String>,
        groups: List<String>,
    ): Map<String, Map<String, Any>> =
        JsonValues.states(sdk.getPresenceState(channels, groups, userId).sync().stateByUUID)

    override fun addToGroup(group: String, vararg channels: String) {
        sdk.addChannelsToChannelGroup(channels.toList(), group).sync()
    }

    override fun removeFromGroup(group: String, vararg channels: String) {
        sdk.removeChannelsFromChannelGroup(channels.toList(), group).sync()
    }

    override fun channelsOfGroup(group: String): List<String> = sdk.listChannelsForChannelGroup(group).sync().channels

    override fun deleteGroup(group: String) {
        sdk.deleteChannelGroup(group).sync()
    }

    override fun close() = vanish()
}
