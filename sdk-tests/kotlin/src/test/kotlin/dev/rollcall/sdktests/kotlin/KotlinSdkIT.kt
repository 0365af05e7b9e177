package dev.rollcall.sdktests.kotlin

import dev.rollcall.sdktests.ClientSettings
import dev.rollcall.sdktests.GroupScenarios
import dev.rollcall.sdktests.MessageScenarios
import dev.rollcall.sdktests.NameScenarios
import dev.rollcall.sdktests.PagingScenarios
import dev.rollcall.sdktests.PresenceEventScenarios
import dev.rollcall.sdktests.RosterScenarios
import dev.rollcall.sdktests.SdkClient
import dev.rollcall.sdktests.StateScenarios
import dev.rollcall.sdktests.WildcardScenarios

/** Plays all scenarios through PubNub's Kotlin SDK. */
internal class KotlinSdkIT :
    MessageScenarios,
    PresenceEventScenarios,
    RosterScenarios,
    PagingScenarios,
    StateScenarios,
    GroupScenarios,
    WildcardScenarios,
    NameScenarios {
    override fun open(settings: ClientSettings): SdkClient = KotlinSdkClient(settings)
}
