package dev.rollcall.sdktests.kotlin

import com.pubnub.api.PubNub
import com.pubnub.api.callbacks.SubscribeCallback
import com.pubnub.api.enums.PNStatusCategory
import com.pubnub.api.models.consumer.PNStatus
import com.pubnub.api.models.consumer.pubsub.MessageResult
import com.pubnub.api.models.consumer.pubsub.PNMessageResult
import com.pubnub.api.models.consumer.pubsub.PNPresenceEventResult
import com.pubnub.api.models.consumer.pubsub.PNSignalResult
import dev.rollcall.sdktests.Heard
import java.util.concurrent.atomic.AtomicInteger

/** The listener of one client: writes down what the SDK tells, and counts how often it was connected. */
internal class ListenerRecorder : SubscribeCallback() {
    val heard = Heard()

    private val connected = AtomicInteger()

    @Volatile
    private var ended = false

    /** Takes no more errors: the end of a client without a goodbye is one. */
    fun end() {
        ended = true
    }

    /** Returns how often the SDK reported that it is connected, or subscribed to something else. */
    fun connected(): Int = connected.get()

    override fun status(pubnub: PubNub, status: PNStatus) {
        if (status.exception != null && !ended) {
            heard.problem(status.toString())
        }
        if (status.category == PNStatusCategory.PNConnectedCategory ||
            status.category == PNStatusCategory.PNSubscriptionChanged
        ) {
            connected.incrementAndGet()
        }
    }

    override fun message(pubnub: PubNub, result: PNMessageResult) = heard.message(told(result))

    override fun signal(pubnub: PubNub, result: PNSignalResult) = heard.signal(told(result))

    override fun presence(pubnub: PubNub, result: PNPresenceEventResult) = heard.presence(
        Heard.Presence(
            result.event!!,
            result.channel,
            // The SDK leaves out a subscription that equals the channel.
            result.subscription ?: result.channel,
            result.uuid,
            result.occupancy!!,
            JsonValues.map(result.state),
            result.timetoken!!,
        ),
    )

    private fun told(result: MessageResult) = Heard.Message(
        result.channel,
        result.subscription ?: result.channel,
        result.publisher,
        JsonValues.value(result.message),
        result.timetoken!!,
    )
}
