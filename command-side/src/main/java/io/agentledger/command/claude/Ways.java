package io.agentledger.command.claude;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.box.SessionTree;
import io.agentledger.command.claude.box.TreeRemoval;
import io.agentledger.command.claude.egress.EgressGateway;
import io.agentledger.command.claude.egress.EgressSocket;
import io.agentledger.command.claude.egress.Visitor;
import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.record.SessionRecord;
import io.agentledger.command.model.Account;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All ways out of a process's box: to its model, and where its environment has a network, there.
 */
record Ways(ModelDoor model, EgressGateway egress) {
  private static final String USAGE = "usage";
  private static final String EGRESS_SOCKET = "proxy";

  /** A process of a session, under a lease. */
  record Seat(SessionRecord record, SessionTree files, ProcessId process, long epoch) {
    Path directory() {
      return files.runs().resolve(process.value());
    }

    Whose whose() {
      return new Whose(
          record.provenance().tenant(), record.opening().agent().id(), record.session());
    }
  }

  /** Opens them, or opens them again at the same paths after a restart. */
  ModelDoor.Opening open(Seat seat) throws IOException {
    Path socket = seat.files().sockets().resolve(SessionTree.MODEL_SOCKET);
    ModelDoor.Opening door =
        model.open(
            socket,
            seat.directory().resolve(USAGE),
            new ModelDoor.Process(seat.record().session(), seat.process()));
    try {
      Network network = seat.record().opening().environment().network();
      if (egress.opens(network)) return new Both(door, open(seat, network));
      TreeRemoval.remove(seat.files().egress()); // A box is given what is there.
      return door;
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  private EgressSocket open(Seat seat, Network network) throws IOException {
    Path directory = seat.files().egress();
    SessionTree.directory(directory, "rwxr-xr-x");
    var thread = seat.record().opening().threadId();
    return egress.open(
        directory.resolve(EGRESS_SOCKET),
        new Visitor(seat.whose(), seat.process(), seat.epoch(), thread, network));
  }

  /** The model's door, with the other one beside it. */
  private record Both(ModelDoor.Opening model, EgressSocket egress) implements ModelDoor.Opening {
    @Override
    public void run(Account account) {
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
    public List<ModelDoor.Counted> usageAfter(long offset) throws IOException {
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
