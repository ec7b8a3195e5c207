package io.agentledger.gateway.session;

import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Stages the workspaces of sessions that are about to open. */
@Component
class WorkspaceStager {
  private final MessageGateway messageGateway;
  private final WorkspaceProvisioner workspaces;

  WorkspaceStager(MessageGateway messageGateway, WorkspaceProvisioner workspaces) {
    this.messageGateway = messageGateway;
    this.workspaces = workspaces;
  }

  /** Stages the workspace that a request describes. */
  Mono<Workspace> stage(RequestContext context, SessionId session, WorkspaceRequest request) {
    return switch (request.type()) {
      case UPLOAD ->
          throw InvalidRequestException.body(
              "/workspace/type", "must be sent as multipart/form-data, with files");
      case IN_PLACE -> throw new IllegalStateException("a bound directory is not staged");
      case EMPTY -> {
        request.rejectFieldsOfOtherTypes();
        yield Mono.fromCompletionStage(() -> workspaces.stageEmpty(session))
            .thenReturn(new Workspace.Empty());
      }
      case GIT -> {
        var source = request.toGitSource();
        yield findWorkspaceQuota(context)
            .flatMap(
                quotaMib ->
                    Mono.fromCompletionStage(
                        () ->
                            workspaces.stageRepository(
                                session, context.tenant(), source, quotaMib)))
            .map(
                checkout ->
                    new Workspace.Git(checkout.commit(), checkout.files(), checkout.bytes()));
      }
      case COPY -> {
        if (!context.caller().localOwner())
          throw new RejectionException(new SessionRejection.HostDirectoryForbidden());
        var folder = request.requirePath();
        yield findWorkspaceQuota(context)
            .flatMap(
                quotaMib ->
                    Mono.fromCompletionStage(
                        () -> workspaces.stageCopy(session, context.tenant(), folder, quotaMib)))
            .map(stagedCopy -> new Workspace.Copied(stagedCopy.files(), stagedCopy.bytes()));
      }
    };
  }

  private Mono<Long> findWorkspaceQuota(RequestContext context) {
    return messageGateway
        .query(context, new FindMyQuota(context.tenant()), UserQuotaView.class)
        .map(quota -> quota.limits().workspaceMib());
  }

  /**
   * Opens a session with a staged workspace. The workspace is discarded if the session is not
   * opened: after an error, if the request had opened another one before, and if the client
   * disconnects during the staging.
   */
  Mono<SubmitResult> open(
      SessionId newSession,
      Mono<WorkspaceSpec> staging,
      Function<WorkspaceSpec, Mono<SubmitResult>> opening) {
    var opened = new AtomicBoolean();
    return messageGateway.onEventLoop(
        RequestResources.using(
            resources -> {
              resources.onRelease(
                  () ->
                      opened.get()
                          ? CompletableFuture.completedFuture(null)
                          : workspaces.discard(newSession));
              return messageGateway
                  .onEventLoop(resources.run(staging))
                  .flatMap(
                      spec ->
                          resources.run(
                              opening
                                  .apply(spec)
                                  .doOnNext(
                                      result ->
                                          opened.set(result.sessionId().equals(newSession)))));
            }));
  }
}
