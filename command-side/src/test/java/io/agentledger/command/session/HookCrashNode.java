package io.agentledger.command.session;

import static io.agentledger.command.CommandTestSupport.ADA;
import static io.agentledger.command.CommandTestSupport.KILLED;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.command.CommandTestSupport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.boot.SpringApplication;

/** Node that dies, as by SIGKILL, while it calls a hook at SessionEnd. */
final class HookCrashNode {
  static final SessionId SESSION = new SessionId("ses_hhhhhhhhhh");

  private static final String PORT = "agentledger.outbound.ports";

  private HookCrashNode() {}

  /** Returns the arguments of a node that may call the hook. */
  static String[] arguments(int port) {
    return new String[] {
      "--agentledger.outbound.allowed-networks=127.0.0.0/8", "--" + PORT + "=" + port
    };
  }

  static HttpServer listen(int port, HttpHandler handler) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    server.createContext("/hook", handler);
    server.start();
    return server;
  }

  public static void main(String[] arguments) throws IOException {
    var node = SpringApplication.run(CommandTestSupport.Application.class, arguments);
    int port = node.getEnvironment().getRequiredProperty(PORT, Integer.class);
    listen(port, exchange -> Runtime.getRuntime().halt(KILLED));
    var target =
        new HookTarget.Http(
            "http://127.0.0.1:" + port + "/hook", Map.of(), List.of(), new Signing.Unsigned());
    var definition =
        new HookDefinition(
            true, HookPoint.SESSION_END, "", target, HookDefinition.TIMEOUT_DEFAULT, 0);
    for (var command :
        List.of(
            new CreateHook(HookId.next(), new PolicyScope.Tenant(), "watcher", definition, null),
            CommandTestSupport.open(SESSION, null),
            new ArchiveSession(SESSION)))
      node.getBean(CommandGateway.class)
          .sendAndWait(
              GenericCommandMessage.asCommandMessage(command)
                  .withMetaData(ADA.asMetadata("req_test")));
  }
}
