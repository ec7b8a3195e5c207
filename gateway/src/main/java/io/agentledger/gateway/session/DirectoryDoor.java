package io.agentledger.gateway.session;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.DirectoryView;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.ListDirectories;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryRefused;
import io.agentledger.api.workspace.Directories;
import io.agentledger.api.workspace.OfferedDirectory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Visit;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Folders of the host that are wished for: looked at before anything is sent. */
@Component
class DirectoryDoor {
  private final Bus bus;
  private final Directories directories;

  DirectoryDoor(Bus bus, Directories directories) {
    this.bus = bus;
    this.directories = directories;
  }

  /** Names that sessions may choose from; for whoever may open one. */
  Mono<Page<OfferedDirectory>> offered(Visit visit) {
    if (!visit.caller().has(Scope.SESSIONS_WRITE)) return Mono.error(new Rejected(new Forbidden()));
    return bus.back(Mono.fromCompletionStage(directories::offered))
        .map(offered -> new Page<>(offered, null));
  }

  Mono<Page<DirectoryView>> list(Visit visit, SessionId id) {
    return bus.askAll(visit, new ListDirectories(visit.tenant(), id), DirectoryView.class)
        .map(seen -> new Page<>(seen, null));
  }

  /** What is said to a session in one go, and where in the body each of it stands. */
  record Said(List<InputBody> bodies, List<String> pointers) {
    /** A body that is one input. */
    static Said alone(InputBody body) {
      return new Said(List.of(body), List.of(""));
    }
  }

  Mono<List<Input>> inputs(Visit visit, Said said) {
    return Flux.fromIterable(said.bodies())
        .index()
        .concatMap(
            one -> {
              var pointer = said.pointers().get(one.getT1().intValue()) + "/directories";
              return one.getT2() instanceof InputBody.AddDirectories(var wishes)
                  ? choose(visit, wishes, pointer).<Input>map(Input.AddDirectories::new)
                  : Mono.just(one.getT2().toInput());
            })
        .collectList();
  }

  /**
   * @param pointer to the list in the body
   */
  Mono<List<SessionDirectory>> choose(Visit visit, List<String> wishes, String pointer) {
    if (wishes.isEmpty()) return Mono.just(List.of());
    boolean localOwner = visit.caller().localOwner();
    return bus.back(Mono.fromCompletionStage(() -> directories.choose(wishes, localOwner)))
        .onErrorMap(Rejected.class, no -> refused(no, pointer));
  }

  /** A folder to work in, in place; who wishes it is the local owner. */
  Mono<BoundFolder> bind(Path folder) {
    return bus.back(Mono.fromCompletionStage(() -> directories.bind(folder)));
  }

  private static Throwable refused(Rejected no, String pointer) {
    return no.rejection() instanceof DirectoryRefused(var index, var rule, var detail)
        ? Invalid.body(pointer + "/" + index, detail)
        : no;
  }
}
