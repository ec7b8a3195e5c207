package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.egress.EgressContext;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.egress.EgressSocket;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.model.BillingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All ways out of a process's box: to its model, and where its environment has a network, there.
 */
record ProcessSockets(ModelEndpoint model, EgressProxy egress) {
  private static final String USAGE = "usage";
  private static final String EGRESS_SOCKET = "proxy";

  /** A process of a session, under a lease. */
  record Owner(SessionState record, SessionPaths files, ProcessId process, long epoch) {
    Path directory() {
      return files.runs().resolve(process.value());
    }

    Subject whose() {
      return new Subject(
          record.provenance().tenant(), record.opening().agent().id(), record.session());
    }
  }

  /** Opens them, or opens them again at the same paths after a restart. */
  ModelEndpoint.Connection open(Owner seat) throws IOException {
    Path socket = seat.files().sockets().resolve(SessionPaths.MODEL_SOCKET);
    ModelEndpoint.Connection door =
        model.open(
            socket,
            seat.directory().resolve(USAGE),
            new ModelEndpoint.ProcessRef(seat.record().session(), seat.process()));
    try {
      Network network = seat.record().opening().environment().network();
      if (egress.opens(network)) return new Both(door, open(seat, network));
      TreeDeleter.remove(seat.files().egress()); // A box is given what is there.
      return door;
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  private EgressSocket open(Owner seat, Network network) throws IOException {
    Path directory = seat.files().egress();
    SessionPaths.directory(directory, "rwxr-xr-x");
    var thread = seat.record().opening().threadId();
    return egress.open(
        directory.resolve(EGRESS_SOCKET),
        new EgressContext(seat.whose(), seat.process(), seat.epoch(), thread, network));
  }

  /** The model's door, with the other one beside it. */
  private record Both(ModelEndpoint.Connection model, EgressSocket egress)
      implements ModelEndpoint.Connection {
    @Override
    public void run(BillingContext account) {
      model.run(account);
      egress.run(account.run(), account.by());
    }

    @Override
    public boolean isRefused(RunId run) {
      return model.isRefused(run);
    }

    @Override
    public boolean asked(String toolUseId) {
      return model.asked(toolUseId);
    }

    @Override
    public List<ModelEndpoint.MeteredTurn> usageAfter(long offset) throws IOException {
      return model.usageAfter(offset);
    }

    @Override
    public void close() {
      try (model) {
        egress.close();
      }
    }
  }
}
