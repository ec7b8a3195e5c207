package io.agentledger.command.session;

import static io.agentledger.command.CommandHouse.ADA;

import io.agentledger.api.session.Input;
import io.agentledger.api.session.QueryEvent.Cause;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.Submit;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.CommandHouse;
import io.agentledger.command.FakeRunner;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A node that dies, as by kill -9, in the moment in which it has a run in hand. */
final class KilledNode {
  static final int KILLED = 137;
  static final String SESSION = "ses_kkkkkkkkkk";

  private KilledNode() {}

  public static void main(String[] arguments) {
    var node = SpringApplication.run(CommandHouse.Application.class, arguments);
    var session = new SessionId(SESSION);
    node.getBean(FakeRunner.class).script(session, run -> Runtime.getRuntime().halt(KILLED));
    ask(node, session);
  }

  /** Opens the session and asks it something. */
  static void ask(ConfigurableApplicationContext node, SessionId session) {
    var prompt = new Input.Prompt(QueryId.next(), RunId.next(), Cause.USER, "hi", RunWishes.NONE);
    send(node, CommandHouse.open(session, null));
    send(node, new Submit(session, List.of(prompt), null));
  }

  private static void send(ConfigurableApplicationContext node, Object command) {
    node.getBean(CommandGateway.class)
        .sendAndWait(
            GenericCommandMessage.asCommandMessage(command)
                .withMetaData(ADA.asMetadata("req_test")));
  }
}
