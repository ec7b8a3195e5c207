package io.agentledger.command.workspace.git;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.WorkspaceProvisioner.CheckedOut;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.TreeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to users' repositories: checks out one commit, or gives access for a push. Blocks.
 * Thread-safe.
 */
public final class GitFetcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GitFetcher.class);

  private final OutboundHttpClient outbound;
  private final DestinationPolicy destinations;
  private final SecretReader secretReader;
  private final GitSettings settings;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("workspace-git-clock").daemon().factory());

  public GitFetcher(
      OutboundHttpClient outbound,
      DestinationPolicy destinations,
      SecretReader secretReader,
      GitSettings settings) {
    IsolatedSystemReader.install();
    this.outbound = outbound;
    this.destinations = destinations;
    this.secretReader = secretReader;
    this.settings = settings;
  }

  /** Checks out into a new directory. The caller deletes its content after a failure. */
  public CheckedOut checkOut(GitSource source, TenantId tenant, Path into, CopyLimits limits)
      throws IOException {
    var repository = destination(source.url()).uri();
    var credentials = GitCredentials.open(secretReader, tenant, source.credential(), repository);
    var gitTransfer =
        new GitTransfer(
            outbound.streaming().build(), repository, settings.timeout(), limits.bytesMax());
    var timeout =
        scheduler.schedule(
            gitTransfer::timeOut, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try (var clone = new GitClone(source, gitTransfer, credentials, into)) {
      return clone.checkOut(limits);
    } catch (GitAPIException | IOException | RuntimeException e) {
      throw translate(e, gitTransfer, limits);
    } finally {
      timeout.cancel(false);
    }
  }

  /** Operation on a repository at its server. */
  public interface RemoteOperation<R> {
    R run(GitRemote remote) throws GitAPIException, IOException;
  }

  /**
   * Executes an operation on a repository with a token, which is sent when the server requests it
   * and never stored.
   */
  public <R> R withRemote(
      String url, String token, TransferLimits limits, RemoteOperation<R> operation)
      throws IOException {
    var repository = destination(url).uri();
    var gitTransfer =
        new GitTransfer(outbound.streaming().build(), repository, settings.timeout(), limits);
    var timeout =
        scheduler.schedule(
            gitTransfer::timeOut, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try {
      return operation.run(new GitRemote(gitTransfer, GitCredentials.ofToken(token)));
    } catch (GitAPIException | IOException | RuntimeException e) {
      throw translate(e, gitTransfer, new CopyLimits(limits.receivedBytesMax(), Long.MAX_VALUE, 1));
    } finally {
      timeout.cancel(false);
    }
  }

  /** Rejects a URL that the settings do not permit. The name of its host is not looked up. */
  public void requirePermitted(String url) {
    destination(url);
  }

  private Destination destination(String url) {
    try {
      var destination = destinations.check(url);
      if (!destination.isEncrypted() && !settings.allowHttp())
        throw TreeBuilder.rejection("git_url", "The repository's url must begin with https.");
      return destination;
    } catch (OutboundRefusedException e) {
      throw TreeBuilder.rejection(
          "git_url", "The repository's url " + e.rule().description() + ".");
    }
  }

  /**
   * Translates a failure into the service's own words, because messages of servers are not trusted.
   */
  private static IOException translate(Exception e, GitTransfer gitTransfer, CopyLimits limits)
      throws IOException {
    if (gitTransfer.isTooLarge())
      throw new RejectionException(new StorageFull("workspace_mib", limits.mibMax()));
    if (gitTransfer.isTimedOut())
      throw TreeBuilder.rejection("git_time", "The repository could not be reached in time.");
    for (var cause : causes(e).toList())
      switch (cause) {
        case RejectionException rejectionException -> throw rejectionException;
        case OutboundRefusedException outboundRefusedException ->
            throw TreeBuilder.rejection(
                "git_url",
                "The repository's url " + outboundRefusedException.rule().description() + ".");
        case NoRemoteRepositoryException none ->
            throw TreeBuilder.rejection("git_not_found", "There is no repository at this url.");
        default -> {}
      }
    if (e.getClass().getName().startsWith("org.eclipse.jgit.")) throw unreachable(e);
    if (e instanceof RuntimeException fault) throw fault;
    return (IOException) e;
  }

  private static RejectionException unreachable(Exception e) {
    log.atInfo().setCause(e).log("a repository could not be fetched");
    if (hasMessage(e, "(not our ref|unadvertised object)"))
      return TreeBuilder.rejection("git_ref", "The repository does not have this commit.");
    return hasMessage(e, "(not permitted|auth)")
        ? TreeBuilder.rejection("git_refused", "The repository's server refuses the credential.")
        : TreeBuilder.rejection("git_unreachable", "The repository could not be reached.");
  }

  private static boolean hasMessage(Exception failure, String pattern) {
    return causes(failure)
        .map(Throwable::getMessage)
        .anyMatch(
            text ->
                text != null && text.toLowerCase(Locale.ROOT).matches("(?s).*" + pattern + ".*"));
  }

  private static Stream<Throwable> causes(@Nullable Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
