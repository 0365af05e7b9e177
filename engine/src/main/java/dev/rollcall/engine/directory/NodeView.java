package dev.rollcall.engine.directory;

import java.util.Comparator;

/**
 * A node of the service, as it said of itself a few seconds ago.
 *
 * @param name its name, unlike that of any other
 * @param isSelf whether it is the one that is asked
 * @param version the version of its server
 * @param uptimeMillis how long it has been there, in milliseconds
 * @param polls subscribes that wait there
 * @param connections connections that are open there
 */
public record NodeView(String name, boolean isSelf, String version, long uptimeMillis, long polls, long connections) {
    /** The one that is asked first, then the one that has been there for longest. */
    public static final Comparator<NodeView> ORDER = Comparator.comparing((NodeView node) -> !node.isSelf)
            .thenComparing(Comparator.comparingLong(NodeView::uptimeMillis).reversed())
            .thenComparing(NodeView::name);
}
