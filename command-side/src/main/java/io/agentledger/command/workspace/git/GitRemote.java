package io.agentledger.command.workspace.git;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SubmoduleConfig;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/** A repository at its server, reached through the guarded client. For one thread. */
public final class GitRemote {
  private final GitTransfer gitTransfer;
  private final GitCredentials credentials;

  GitRemote(GitTransfer gitTransfer, GitCredentials credentials) {
    this.gitTransfer = gitTransfer;
    this.credentials = credentials;
  }

  /** Returns the newest commits of the branches, by their full names. */
  public Map<String, ObjectId> listBranches() throws GitAPIException {
    var branches = new HashMap<String, ObjectId>();
    for (var branch : configured(Git.lsRemoteRepository().setRemote(url()).setHeads(true)).call()) {
      var commit = branch.getObjectId();
      if (commit != null) branches.put(branch.getName(), commit);
    }
    return branches;
  }

  /** Fetches one commit without its history. */
  public void fetch(Repository into, RefSpec commit) throws GitAPIException {
    try (var git = new Git(into)) {
      configured(git.fetch())
          .setRemote(url())
          .setRefSpecs(commit)
          .setDepth(1)
          .setTagOpt(TagOpt.NO_TAGS)
          .setRecurseSubmodules(SubmoduleConfig.FetchRecurseSubmodulesMode.NO)
          .setProgressMonitor(gitTransfer)
          .call();
    }
  }

  /**
   * Fetches a commit with its history, without the files if the server supports that. The history
   * counts against the limit of bytes.
   */
  public void fetchHistory(Repository into, RefSpec commit) throws GitAPIException, IOException {
    try {
      fetchHistory(into, commit, FilterSpec.fromFilterLine("tree:0"));
    } catch (TransportException e) { // JGit has no other sign of a server without filters.
      if (!String.valueOf(e.getMessage()).contains("filter requires server")) throw e;
      fetchHistory(into, commit, FilterSpec.NO_FILTER);
    }
  }

  private void fetchHistory(Repository into, RefSpec commit, FilterSpec filter)
      throws GitAPIException {
    try (var git = new Git(into)) {
      configured(git.fetch())
          .setTransportConfigCallback(
              transport -> {
                configure(transport);
                transport.setFilterSpec(filter);
              })
          .setRemote(url())
          .setRefSpecs(commit)
          .setTagOpt(TagOpt.NO_TAGS)
          .setRecurseSubmodules(SubmoduleConfig.FetchRecurseSubmodulesMode.NO)
          .setProgressMonitor(gitTransfer)
          .call();
    }
  }

  /** Pushes one reference. Its status states the outcome. */
  public RemoteRefUpdate.Status push(Repository from, RemoteRefUpdate update) throws IOException {
    try (var transport = Transport.open(from, new URIish(gitTransfer.repository().toURL()))) {
      configure(transport);
      transport.push(gitTransfer, List.of(update));
      return update.getStatus();
    }
  }

  private String url() {
    return gitTransfer.repository().toString();
  }

  private <C extends TransportCommand<C, ?>> C configured(C command) {
    credentials.provider().ifPresent(command::setCredentialsProvider);
    return command.setTransportConfigCallback(this::configure);
  }

  private void configure(Transport transport) {
    if (!(transport instanceof TransportHttp http))
      throw new IllegalStateException("only HTTP is supported for repositories");
    credentials.provider().ifPresent(http::setCredentialsProvider);
    http.setHttpConnectionFactory(GitConnection.factory(gitTransfer));
    credentials.applyTo(http);
  }
}
