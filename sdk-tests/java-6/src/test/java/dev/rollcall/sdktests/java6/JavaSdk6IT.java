package dev.rollcall.sdktests.java6;

import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.GroupScenarios;
import dev.rollcall.sdktests.MessageScenarios;
import dev.rollcall.sdktests.NameScenarios;
import dev.rollcall.sdktests.PresenceChannelScenarios;
import dev.rollcall.sdktests.PresenceEventScenarios;
import dev.rollcall.sdktests.RosterScenarios;
import dev.rollcall.sdktests.SdkClient;
import dev.rollcall.sdktests.StateScenarios;
import dev.rollcall.sdktests.WildcardScenarios;

/** Plays the scenarios through PubNub's Java SDK 6. */
final class JavaSdk6IT
        implements MessageScenarios,
                PresenceEventScenarios,
                PresenceChannelScenarios,
                RosterScenarios,
                StateScenarios,
                GroupScenarios,
                WildcardScenarios,
                NameScenarios {

    @Override
    public SdkClient open(ClientSettings settings) {
        return new JavaSdk6Client(settings);
    }

    /** This SDK puts user ids into queries as they are. */
    @Override
    public String userLabel(String label) {
        return label.replaceAll("[%&+#]", "_");
    }
}
