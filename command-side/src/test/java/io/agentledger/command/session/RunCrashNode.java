package io.agentledger.command.session;

import static io.agentledger.command.CommandTestSupport.KILLED;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.FakeRunner;
import org.springframework.boot.SpringApplication;

/** Node that dies, as by SIGKILL, while it executes a run. */
final class RunCrashNode {
  static final SessionId SESSION = new SessionId("ses_kkkkkkkkkk");

  private RunCrashNode() {}

  public static void main(String[] arguments) {
    var node = SpringApplication.run(CommandTestSupport.Application.class, arguments);
    node.getBean(FakeRunner.class).script(SESSION, run -> Runtime.getRuntime().halt(KILLED));
    CommandTestSupport.submitQuery(node, SESSION, RunId.next());
  }
}
