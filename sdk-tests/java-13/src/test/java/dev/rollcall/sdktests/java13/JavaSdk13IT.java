package dev.rollcall.sdktests.java13;

import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.GroupScenarios;
import dev.rollcall.sdktests.MessageScenarios;
import dev.rollcall.sdktests.NameScenarios;
import dev.rollcall.sdktests.PagingScenarios;
import dev.rollcall.sdktests.PresenceEventScenarios;
import dev.rollcall.sdktests.RosterScenarios;
import dev.rollcall.sdktests.SdkClient;
import dev.rollcall.sdktests.StateScenarios;
import dev.rollcall.sdktests.WildcardScenarios;

/** Plays all scenarios through PubNub's Java SDK 13, with its classic subscribe calls. */
final class JavaSdk13IT
        implements MessageScenarios,
                PresenceEventScenarios,
                RosterScenarios,
                PagingScenarios,
                StateScenarios,
                GroupScenarios,
                WildcardScenarios,
                NameScenarios {

    @Override
    public SdkClient open(ClientSettings settings) {
        return new JavaSdk13Client(settings);
    }
}
