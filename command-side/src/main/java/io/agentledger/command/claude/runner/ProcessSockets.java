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
  ModelEndpoint.Connection open(Owner owner) throws IOException {
    Path socket = owner.files().sockets().resolve(SessionPaths.MODEL_SOCKET);
    ModelEndpoint.Connection connection =
        model.open(
            socket,
            owner.directory().resolve(USAGE),
            new ModelEndpoint.ProcessRef(owner.record().session(), owner.process()));
    try {
      Network network = owner.record().opening().environment().network();
      if (egress.opens(network)) return new Both(connection, open(owner, network));
      TreeDeleter.remove(owner.files().egress()); // A box is given what is there.
      return connection;
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private EgressSocket open(Owner owner, Network network) throws IOException {
    Path directory = owner.files().egress();
    SessionPaths.directory(directory, "rwxr-xr-x");
    var thread = owner.record().opening().threadId();
    return egress.open(
        directory.resolve(EGRESS_SOCKET),
        new EgressContext(owner.whose(), owner.process(), owner.epoch(), thread, network));
  }

  /** The model's door, with the other one beside it. */
  private record Both(ModelEndpoint.Connection model, EgressSocket egress)
      implements ModelEndpoint.Connection {
    @Override
    public void run(BillingContext billingContext) {
      model.run(billingContext);
      egress.run(billingContext.run(), billingContext.by());
    }

    @Override
    public boolean isRefused(RunId run) {
      return model.isRefused(run);
    }

    @Override
    public boolean wasRequested(String toolUseId) {
      return model.wasRequested(toolUseId);
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
