package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input.SubmitSideRequest;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ChangeFiles;
import io.agentledger.api.session.command.SessionCommand.ExpireSideRequest;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.StoreConversation;
import io.agentledger.api.session.command.SessionCommand.TakeCheckpoint;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveIdleSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.AttachHook;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DetachHook;
import io.agentledger.api.session.command.SessionLifecycleCommand.ExpireSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RecordHookExecutions;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.api.session.event.LifecycleEvent.FilesChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionHookExecuted;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.util.List;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateMember;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Base class of sessions with all commands other than those of the conversation: title, sharing,
 * lifecycle. It checks the access rights for every command, including those of the conversation.
 */
@SuppressWarnings("NullAway.Init") // The first event sets it.
abstract class AbstractSession {
  @AggregateIdentifier SessionId id;
  @Nullable String tenant;
  SessionAcl acl;
  @AggregateMember SessionLifecycle lifecycle = new SessionLifecycle();
  @AggregateMember SessionBudget budget = new SessionBudget();
  @AggregateMember SessionCheckpoints checkpoints = new SessionCheckpoints();
  @AggregateMember SessionDirectories directories = new SessionDirectories();
  @AggregateMember SideRequests sideRequests = new SideRequests();
  @AggregateMember SessionToolset toolset = new SessionToolset();
  @AggregateMember SessionHooks hooks = new SessionHooks();

  abstract RunLifecycle runLifecycle();

  /** Records the session's activity if it has changed. */
  abstract void announceActivity();

  /**
   * Checks the access rights. A sender who may not see the session gets the same rejection as for
   * one that does not exist.
   */
  @CommandHandlerInterceptor
  void authorize(SessionCommand command, MetaData metaData) {
    if (id == null) return;
    if (!isVisible(metaData)) throw notFound(command);
    var caller = Caller.of(metaData);
    caller.ifPresent(principal -> SessionSharing.authorize(acl, command, principal));
    caller.ifPresent(principal -> directories.requireLocalOwner(command, principal));
  }

  /** Returns whether the sender of a message may see the session; callers see no deleted one. */
  final boolean isVisible(MetaData metaData) {
    return Objects.equals(tenant, metaData.get(Provenance.TENANT))
        && Caller.of(metaData)
            .map(caller -> !lifecycle.isDeleted() && acl.canRead(caller))
            .orElse(true);
  }

  final TenantId tenantId() {
    return new TenantId(String.valueOf(tenant));
  }

  private static RejectionException notFound(SessionCommand command) {
    return new RejectionException(new NotFound("session", command.sessionId().value()));
  }

  @CommandHandler
  void setBudget(SetBudget command) {
    if (!budget.set(command)) return;
    if (budget.isLeft() && !lifecycle.isPaused()) runLifecycle().resume();
    announceActivity();
  }

  @CommandHandler
  void share(ShareSession command, Caller caller, TenantMembership tenantMembership) {
    new SessionSharing(acl, tenantMembership).share(command, caller.tenant());
  }

  @CommandHandler
  void unshare(UnshareSession command, TenantMembership tenantMembership) {
    new SessionSharing(acl, tenantMembership).unshare(command);
  }

  @CommandHandler
  void transfer(TransferSession command, Caller caller, TenantMembership tenantMembership) {
    var owner = acl.ownerId();
    new SessionSharing(acl, tenantMembership).transfer(command, caller.tenant());
    if (!acl.ownerId().equals(owner)) hooks.detachAll(id);
  }

  @CommandHandler
  void rename(RenameSession command, Sealer sealer) {
    var title = new SessionSealer(sealer, id).text(SessionRenamed.class, "title", command.title());
    apply(new SessionRenamed(id, title)); // The old one is sealed and cannot be compared.
  }

  @CommandHandler
  SetToolsResult setTools(
      SetTools command, MetaData metaData, Sealer sealer, McpServerRegistry servers) {
    lifecycle.requireAcceptsInput();
    return toolset.set(
        command, servers, Provenance.of(metaData).tenant(), new SessionSealer(sealer, id));
  }

  @CommandHandler
  HookId attach(AttachHook command, HookRegistry registry, MetaData metaData) {
    SessionSharing.requireMayAttach(List.of(command.hook()), Caller.of(metaData));
    lifecycle.requireAcceptsInput();
    hooks.attach(id, tenantId(), command.hook(), registry);
    return command.hook().hookId();
  }

  @CommandHandler
  void detach(DetachHook command) {
    hooks.detach(id, command.hookId());
  }

  @CommandHandler
  void pause(PauseSession command) {
    lifecycle.pause(id);
  }

  @CommandHandler
  void unpause(UnpauseSession command) {
    lifecycle.unpause(id);
    runLifecycle().continueQueue();
    announceActivity();
  }

  @CommandHandler
  void archive(ArchiveSession command) {
    lifecycle.archive(id, !runLifecycle().isIdle());
    runLifecycle().endPaused();
    announceActivity();
  }

  @CommandHandler
  void restore(RestoreSession command) {
    lifecycle.restore(id);
    runLifecycle().continueQueue();
    announceActivity();
  }

  @CommandHandler
  void close(CloseSession command) {
    lifecycle.close(id);
    runLifecycle().stop();
    announceActivity();
  }

  @CommandHandler
  void delete(DeleteSession command) {
    lifecycle.delete(id);
    runLifecycle().stop();
    announceActivity();
  }

  @CommandHandler
  void takeCheckpoint(TakeCheckpoint command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    checkpoints.record(command, new SessionSealer(sealer, id));
  }

  @CommandHandler
  void storeConversation(StoreConversation command) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    checkpoints.record(command);
  }

  @CommandHandler
  @Nullable CheckpointId rewind(RewindFiles command) {
    lifecycle.requireAcceptsInput();
    checkpoints.rewind(command, runLifecycle().isBusy());
    return command.undoId();
  }

  @CommandHandler
  void change(ChangeFiles command, Sealer sealer) {
    lifecycle.requireAcceptsInput();
    var path = new SessionSealer(sealer, id).text(FilesChanged.class, "path", command.path());
    apply(new FilesChanged(id, command.action(), path));
  }

  void submitSideRequest(SubmitSideRequest request, OpenRuns runs, SessionSealer sealer) {
    lifecycle.requireAcceptsInput();
    if (SideRequests.needsModel(request.type())) budget.requireBudgetLeft();
    sideRequests.submit(request, runs, sealer);
  }

  @CommandHandler
  void record(RecordProcessReport command, Sealer sealer) {
    runLifecycle().requireCurrentEpoch(command.epoch());
    sideRequests.record(command.report(), new SessionSealer(sealer, id));
  }

  @CommandHandler
  void record(RecordHookExecutions command, Sealer sealer) {
    var sessionSealer = new SessionSealer(sealer, id);
    for (var execution : command.executions())
      apply(
          new SessionHookExecuted(
              id,
              execution.hookId(),
              execution.name(),
              execution.point(),
              execution.outcome(),
              execution.httpStatus(),
              execution.duration(),
              sessionSealer.text(SessionHookExecuted.class, "detail", execution.detail())));
  }

  @CommandHandler
  void expire(ExpireSideRequest command, Sealer sealer) {
    sideRequests.fail(
        command.sideRequestId(), FailureReason.EXPIRED, "", new SessionSealer(sealer, id));
  }

  @CommandHandler
  void expire(ExpireSession command) {
    if (isIdleSince(command.sequence()) && !lifecycle.isPaused()) {
      runLifecycle().endPaused();
      lifecycle.expire(id);
      announceActivity();
    }
  }

  @CommandHandler
  void archiveIdle(ArchiveIdleSession command) {
    if (isIdleSince(command.sequence())) {
      runLifecycle().endPaused();
      lifecycle.archiveIdle(id);
      announceActivity();
    }
  }

  private boolean isIdleSince(long sequence) {
    return getVersion() + 1 == sequence && runLifecycle().isIdle();
  }

  @EventSourcingHandler
  void on(SessionShared event) {
    acl = acl.with(event.audience(), event.access());
  }

  @EventSourcingHandler
  void on(SessionUnshared event) {
    acl = acl.with(event.audience(), null);
  }

  @EventSourcingHandler
  void on(SessionTransferred event) {
    acl = acl.transferredTo(event.toUserId());
  }
}
