package io.agentledger.command.model;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.support.SocketOwner;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Gateway in a process that tests kill: its arguments are socket, usage file, session and process.
 */
final class KillableModelGateway {
  private KillableModelGateway() {}

  public static void main(String[] arguments) throws Exception {
    var upstream = new RehearsalUpstream(ScenarioRegistry.load(null), 100);
    var gateway =
        new ModelGateway(
            upstream, RehearsalGateway.rule(), RehearsalGateway.settings("https://x.example"));
    var processRef = new ProcessRef(new SessionId(arguments[2]), new ProcessId(arguments[3]));
    gateway
        .open(Path.of(arguments[0]), SocketOwner.ofService(), Path.of(arguments[1]), processRef)
        .bindRun(RehearsalGateway.account(RunId.next()));
    System.out.println("open");
    new CountDownLatch(1).await();
  }
}
