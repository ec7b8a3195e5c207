package io.agentledger.gateway.session;

import io.agentledger.api.ops.NodeFacts;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.QueryView;
import io.agentledger.api.session.Receipt;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionCommand.Submit;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionPlace;
import io.agentledger.api.session.SessionQuery.FindSession;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.workspace.Workspaces;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Visit;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST, WebSocket and RSocket do with sessions in common: wishes become commands. */
@Component
class SessionDoor {
  private final Bus bus;
  private final TemplateDoor templates;
  private final Workspaces workspaces;
  private final DirectoryDoor directories;
  private final NodeFacts node;

  SessionDoor(
      Bus bus,
      TemplateDoor templates,
      Workspaces workspaces,
      DirectoryDoor directories,
      NodeFacts node) {
    this.directories = directories;
    this.bus = bus;
    this.templates = templates;
    this.workspaces = workspaces;
    this.node = node;
  }

  Mono<SessionView> find(Visit visit, SessionId session) {
    return bus.ask(visit, new FindSession(visit.tenant(), session), SessionView.class);
  }

  /** Opens a session, from its template if it names one, and asks in it what that says. */
  Mono<SessionId> open(Visit visit, NewSession wish, @Nullable Idempotency idempotency) {
    return templates
        .filled(visit, wish)
        .flatMap(
            filled -> {
              if (filled.prompt() != null) refuseWithoutSandbox(visit);
              return open(visit, (Opening) filled, idempotency)
                  .flatMap(session -> begun(visit, session, filled.prompt(), idempotency));
            });
  }

  /** The same, with what was sent along in its workspace, whatever the template says of that. */
  Mono<SessionId> openFilled(
      Visit visit,
      SessionId fresh,
      NewSession wish,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return templates
        .filled(visit, wish)
        .flatMap(
            filled -> {
              if (filled.prompt() != null) refuseWithoutSandbox(visit);
              return open(visit, fresh, filled, staging, idempotency)
                  .flatMap(session -> begun(visit, session, filled.prompt(), idempotency));
            });
  }

  private Mono<SessionId> begun(
      Visit visit, SessionId session, @Nullable String prompt, @Nullable Idempotency idempotency) {
    if (prompt == null) return Mono.just(session);
    List<Input> inputs =
        List.of(InputBody.prompt(prompt, null, null)); // The options are the session's.
    return submit(visit, session, inputs, Idempotencies.second(idempotency)).thenReturn(session);
  }

  /** Opens a session, or finds the one that the same key opened before. */
  Mono<SessionId> open(Visit visit, Opening wish, @Nullable Idempotency idempotency) {
    var fresh = SessionId.next();
    return wish.workspaceOrEmpty().kind() == WorkspaceWish.Kind.BOUND
        ? openInPlace(visit, fresh, wish, idempotency)
        : open(visit, fresh, wish, stage(visit, fresh, wish.workspaceOrEmpty()), idempotency);
  }

  /** Nothing is staged, and so nothing is discarded: the folder stays where and whose it is. */
  private Mono<SessionId> openInPlace(
      Visit visit, SessionId fresh, Opening wish, @Nullable Idempotency idempotency) {
    if (!visit.caller().localOwner())
      throw new AccessDeniedException("folders of the machine are its owner's");
    var folder = wish.workspaceOrEmpty().folder();
    return beside(visit, wish)
        .flatMap(
            beside ->
                directories
                    .bind(folder)
                    .map(bound -> new SessionPlace(new Workspace.Bound(), beside, bound)))
        .map(opening(visit, fresh, wish, idempotency))
        .flatMap(command -> bus.send(visit, command));
  }

  private Mono<List<SessionDirectory>> beside(Visit visit, Opening wish) {
    var wished = wish.optionsOrNone().directoriesOrNone();
    return directories.choose(visit, wished, "/options/additional_directories");
  }

  /** The same, where it is said how the workspace is filled. */
  Mono<SessionId> open(
      Visit visit,
      SessionId fresh,
      Opening wish,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return beside(visit, wish)
        .flatMap(
            beside ->
                bus.back(staging)
                    .map(workspace -> new SessionPlace(workspace, beside, null))
                    .map(opening(visit, fresh, wish, idempotency)))
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .onErrorResume(
            failure ->
                discard(fresh)
                    .onErrorComplete() // The first failure is the one to tell.
                    .then(Mono.error(failure)))
        .flatMap(
            opened -> opened.equals(fresh) ? Mono.just(opened) : discard(fresh).thenReturn(opened));
  }

  /** Opens a session and asks in it; both under the same key, each once. */
  Mono<QueryView> openAndAsk(Visit visit, OpeningQuery wish, @Nullable Idempotency idempotency) {
    refuseWithoutSandbox(visit); // Before there is a session.
    var prompt =
        InputBody.prompt(wish.prompt(), wish.attachments(), null); // The options are the session's.
    return open(visit, wish, idempotency)
        .flatMap(
            session -> submit(visit, session, List.of(prompt), Idempotencies.second(idempotency)))
        .map(QueryView::of);
  }

  Mono<QueryView> ask(
      Visit visit, SessionId session, NewQuery wish, @Nullable Idempotency idempotency) {
    return submit(
            visit,
            session,
            List.of(InputBody.prompt(wish.prompt(), wish.attachments(), wish.options())),
            idempotency)
        .map(QueryView::of);
  }

  Mono<Receipt> say(
      Visit visit, SessionId session, DirectoryDoor.Said said, @Nullable Idempotency idempotency) {
    return directories
        .inputs(visit, said)
        .flatMap(inputs -> submit(visit, session, inputs, idempotency));
  }

  Mono<Receipt> submit(
      Visit visit, SessionId session, List<Input> inputs, @Nullable Idempotency idempotency) {
    if (inputs.stream().anyMatch(SessionDoor::needsProcess)) refuseWithoutSandbox(visit);
    return bus.send(visit, new Submit(session, inputs, idempotency));
  }

  private static boolean needsProcess(Input input) {
    return input instanceof Input.Prompt || input instanceof Input.AskAside;
  }

  private void refuseWithoutSandbox(Visit visit) {
    if (node.sandbox() == SandboxLevel.NONE && !visit.caller().localOwner())
      throw new Rejected(new SessionRejection.SandboxNeeded());
  }

  private static Function<SessionPlace, OpenSession> opening(
      Visit visit, SessionId fresh, Opening wish, @Nullable Idempotency idempotency) {
    return place ->
        new OpenSession(
            fresh,
            visit.caller().user(),
            ThreadId.next(),
            wish.origin(),
            wish.wishes(),
            place,
            idempotency);
  }

  private Mono<Workspace> stage(Visit visit, SessionId session, WorkspaceWish wish) {
    return switch (wish.kind()) {
      case UPLOAD ->
          throw Invalid.body("/workspace/kind", "must be sent as multipart/form-data, with files");
      case BOUND -> throw new IllegalStateException("nothing is staged for it");
      case EMPTY -> {
        wish.refuseWhatIsOthers();
        yield Mono.fromCompletionStage(() -> workspaces.empty(session))
            .thenReturn(new Workspace.Empty());
      }
      case GIT -> {
        var source = wish.repository();
        yield quota(visit)
            .flatMap(
                mib ->
                    Mono.fromCompletionStage(
                        () -> workspaces.checkOut(session, visit.tenant(), source, mib)))
            .map(found -> new Workspace.Git(found.commit(), found.files(), found.bytes()));
      }
      case COPY -> {
        if (!visit.caller().localOwner())
          throw new AccessDeniedException("folders of the machine are its owner's");
        var folder = wish.folder();
        yield quota(visit)
            .flatMap(mib -> Mono.fromCompletionStage(() -> workspaces.copy(session, folder, mib)))
            .map(staged -> new Workspace.Copied(staged.files(), staged.bytes()));
      }
    };
  }

  private Mono<Long> quota(Visit visit) {
    return bus.ask(visit, new FindMyQuota(visit.tenant()), UserQuotaView.class)
        .map(quota -> quota.limits().workspaceMib());
  }

  private Mono<Void> discard(SessionId session) {
    return bus.back(Mono.fromCompletionStage(() -> workspaces.discard(session)));
  }
}
