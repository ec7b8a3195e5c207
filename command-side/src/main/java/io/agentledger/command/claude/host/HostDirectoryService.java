package io.agentledger.command.claude.host;

import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryRefused;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.HostDirectories;
import io.agentledger.api.workspace.NamedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Resolves the host directories that clients choose for sessions on this node. */
public record HostDirectoryService(
    HostDirectoryResolver directories, BoundDirectoryResolver boundDirectories)
    implements HostDirectories {

  @Override
  public CompletionStage<List<NamedDirectory>> list() {
    return CompletableFuture.completedFuture(directories.offered());
  }

  @Override
  public CompletionStage<List<SessionDirectory>> resolve(
      List<String> requested, boolean localOwner) {
    return CompletableFuture.supplyAsync(
        () -> resolveBlocking(requested, localOwner), Thread::startVirtualThread);
  }

  @Override
  public CompletionStage<BoundFolder> bind(Path folder) {
    return CompletableFuture.supplyAsync(() -> bindBlocking(folder), Thread::startVirtualThread);
  }

  private BoundFolder bindBlocking(Path folder) {
    try {
      return boundDirectories.bind(folder);
    } catch (DirectoryRefusedException refused) {
      throw new RejectionException(
          new WorkspaceRefused(refused.rule(), "The folder " + refused.getMessage() + "."));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private List<SessionDirectory> resolveBlocking(List<String> requested, boolean localOwner) {
    var chosen = new ArrayList<SessionDirectory>();
    var usedNames = new HashSet<>(requested);
    for (int i = 0; i < requested.size(); i++) {
      try {
        var sessionDirectory = resolveRequested(requested.get(i), localOwner, usedNames);
        if (chosen.stream().noneMatch(sessionDirectory::equals)) chosen.add(sessionDirectory);
        usedNames.add(sessionDirectory.name());
      } catch (DirectoryRefusedException refused) {
        throw new RejectionException(
            new DirectoryRefused(i, refused.rule(), String.valueOf(refused.getMessage())));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return chosen;
  }

  private SessionDirectory resolveRequested(
      String requested, boolean localOwner, HashSet<String> usedNames) throws IOException {
    if (requested.matches(SessionDirectory.NAME)) return resolveNamed(requested, localOwner);
    if (!requested.startsWith("/"))
      throw refusal("name", "must be the name of a directory, or an absolute path");
    if (!localOwner)
      throw refusal(
          "local_owner_only",
          "must be the name of a directory: only the local owner may give a path");
    return directories.resolveAtPath(requested, usedNames);
  }

  private SessionDirectory resolveNamed(String name, boolean localOwner)
      throws DirectoryRefusedException {
    try {
      return directories.resolveNamed(name);
    } catch (DirectoryRefusedException refused) {
      throw localOwner
          ? refusal(refused.rule(), refused.getMessage() + ", or an absolute path")
          : refused;
    }
  }

  private static DirectoryRefusedException refusal(String rule, String detail) {
    return new DirectoryRefusedException(rule, detail);
  }
}
