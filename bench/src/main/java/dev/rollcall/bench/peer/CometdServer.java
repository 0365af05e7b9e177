package dev.rollcall.bench.peer;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cometd.bayeux.Promise;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.http.jakarta.CometDServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * CometD on Jetty, at the settings that suit it best here: no header cache, which would be over 100 KB a connection; no limit of sessions;
 * polls held as long as ours. {@code /release/N} tells everybody on channel {@code /room} of actor N.
 */
public final class CometdServer {
    private static final int BACKLOG = 4096;
    private static final int USER_DIGITS = 6;
    private static final String HOLD_MILLIS = Long.toString(TimeUnit.SECONDS.toMillis(280));
    private static final String FOREVER_MILLIS = Long.toString(TimeUnit.HOURS.toMillis(10));

    private CometdServer() {}

    /** Starts a server on a free port. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setHeaderCacheSize(0);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(TimeUnit.HOURS.toMillis(1));
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder cometd = new ServletHolder(CometDServlet.class);
        cometd.setInitParameter(BayeuxServerImpl.VALIDATE_MESSAGE_FIELDS_OPTION, "false");
        cometd.setInitParameter("timeout", HOLD_MILLIS);
        cometd.setInitParameter("maxInterval", FOREVER_MILLIS);
        cometd.setInitParameter("maxSessionsPerBrowser", "-1");
        cometd.setAsyncSupported(true);
        cometd.setInitOrder(1);
        context.addServlet(cometd, "/cometd/*");
        context.addServlet(new ServletHolder(new Release()), "/release/*");
        server.setHandler(context);
        server.start();
        System.out.println("listening on http://127.0.0.1:" + connector.getLocalPort());
    }

    private static final class Release extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            BayeuxServer bayeux = (BayeuxServer) getServletContext().getAttribute(BayeuxServer.ATTRIBUTE);
            String path = request.getPathInfo();
            int number = Integer.parseInt(path.substring(1));
            String actor = String.format("actor-%0" + USER_DIGITS + "d", number);
            Map<String, Object> event = Map.of(
                    "action",
                    "state-change",
                    "timestamp",
                    System.currentTimeMillis() / 1000,
                    "occupancy",
                    1,
                    "uuid",
                    actor,
                    "data",
                    Map.of("mood", "busy"));
            bayeux.createChannelIfAbsent("/room").getReference().publish(null, event, Promise.noop());
            response.getOutputStream().print("OK");
        }
    }
}
