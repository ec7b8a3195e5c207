package io.agentledger.gateway.support.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class RequestResourcesTest {
  private final List<String> released = new ArrayList<>();
  private final CompletableFuture<String> creation = new CompletableFuture<>();

  private Mono<String> acquire(RequestResources resources, CompletableFuture<String> created) {
    return resources.open(() -> created, released::add);
  }

  private Mono<String> acquire(RequestResources resources, String name) {
    return acquire(resources, CompletableFuture.completedFuture(name));
  }

  @Test
  void resourcesAreReleasedBeforeTheResultTheLatestFirst() {
    var result =
        RequestResources.using(
            resources -> acquire(resources, "file").then(acquire(resources, "tree")));
    assertThat(result.map(name -> name + " after " + released).block())
        .isEqualTo("tree after [tree, file]");
  }

  @Test
  void resourceIsReleasedAfterAnError() {
    var failing =
        RequestResources.using(
            resources ->
                acquire(resources, "file").then(Mono.error(new IllegalStateException("full"))));
    assertThat(failing.onErrorResume(failure -> Mono.just(failure.getMessage())).block())
        .isEqualTo("full");
    assertThat(released).containsExactly("file");
  }

  @Test
  void resourceThatIsCreatedAfterTheClientHasDisconnectedIsReleased() {
    var request = RequestResources.using(resources -> acquire(resources, creation)).subscribe();
    request.dispose();
    assertThat(released).isEmpty();
    creation.complete("file");
    assertThat(released).containsExactly("file");
  }

  @Test
  void releaseWaitsForAnOperationWhoseClientHasDisconnected() {
    var move = new CompletableFuture<String>();
    var request =
        RequestResources.using(
                resources -> acquire(resources, "tree").then(resources.run(() -> move)))
            .subscribe();
    request.dispose();
    assertThat(move).as("is not interrupted").isNotDone();
    assertThat(released).isEmpty();
    move.complete("moved");
    assertThat(released).containsExactly("tree");
  }

  @Test
  void operationsOfAnEndedRequestAreNotStarted() {
    var ended = new ArrayList<RequestResources>();
    RequestResources.using(resources -> Mono.fromRunnable(() -> ended.add(resources))).block();
    var late = acquire(ended.getFirst(), "file").onErrorResume(failure -> Mono.just("refused"));
    assertThat(late.block()).isEqualTo("refused");
    assertThat(released).isEmpty();
  }

  @Test
  void failedReleaseHindersNoOther() {
    var result =
        RequestResources.using(
            resources ->
                acquire(resources, "first")
                    .then(
                        resources.open(
                            () -> CompletableFuture.completedFuture("second"),
                            name -> {
                              throw new IllegalStateException("is locked");
                            })));
    assertThat(result.block()).isEqualTo("second");
    assertThat(released).containsExactly("first");
  }
}
