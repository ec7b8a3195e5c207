package io.agentledger.command.claude;

import io.agentledger.command.claude.box.HostFolder;
import io.agentledger.command.claude.box.Prepared;
import io.agentledger.command.claude.box.SessionTree;
import io.agentledger.command.claude.process.LaunchSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a process is started with, and what of this host's files goes with that.
 *
 * @param prepared what the workspace has for it; absent where nothing is taken from there, or where
 *     the workspace has still to be made
 * @param folders that it sees beside its workspace
 */
record Outfit(LaunchSpec spec, Optional<Prepared> prepared, List<HostFolder> folders) {
  Outfit {
    folders = List.copyOf(folders);
  }

  /** The same with what the workspace has by now. */
  Outfit in(SessionTree files) throws IOException {
    if (!spec.setup().isStaged() || prepared.isPresent()) {
      return this;
    }
    Prepared read = Prepared.read(files, spec.setup().project(), spec.setup().plugins());
    return new Outfit(spec, Optional.of(read), folders);
  }

  /** Puts what goes with it where the CLI looks for it. No process may be alive there. */
  void stage(SessionTree files) throws IOException {
    if (prepared.isPresent()) {
      prepared.get().stage(files);
    }
  }

  /** With a digest of all that belongs to it. */
  LaunchSpec whole() {
    String beside = folders.stream().map(HostFolder::toString).collect(Collectors.joining("\n"));
    return spec.withStaged(prepared.map(Prepared::digest).orElse("") + beside);
  }
}
