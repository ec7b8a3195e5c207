package io.agentledger.command.support;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.Future;

/**
 * Tree of queues that assigns slots to its branches in turns, at each level. Operations that have
 * yielded their slot come before those of the same branch that have not begun. Not thread-safe.
 */
final class FairQueue {
  /** Queue length at which cancelled operations are removed for the first time. */
  private static final int CANCELLED_MAX = 64;

  private final List<Limits> limits;

  /** Branches that have operations; the one that comes next is the first one. */
  private final SequencedMap<Object, FairQueue> branches = new LinkedHashMap<>();

  private final Queue<Turn> resuming = new ArrayDeque<>();
  private final Queue<Turn> waiting = new ArrayDeque<>();
  private int purgeLength = CANCELLED_MAX;
  private int slots;
  private int threads;

  /**
   * @param limits of the whole tree, of each of its branches, and so on
   */
  FairQueue(List<Limits> limits) {
    this.limits = limits;
  }

  /**
   * Limits of a branch.
   *
   * @param slots maximum number of operations that run
   * @param threads maximum number of operations that have begun; some of them may wait for locks
   */
  record Limits(int slots, int threads) {}

  /**
   * Turn of an operation that waits for a slot.
   *
   * @param begun whether it has begun, and has yielded its slot since
   * @param start called when it has a slot
   */
  record Turn(Runnable operation, boolean begun, Runnable start) {
    private boolean isCancelled() {
      return operation instanceof Future<?> future && future.isCancelled();
    }
  }

  /**
   * Adds an operation to the branch at a path.
   *
   * @param path as long as there are levels below the root
   */
  void add(List<?> path, Turn turn) {
    if (!path.isEmpty()) branch(path).add(path.subList(1, path.size()), turn);
    else if (turn.begun()) resuming.add(turn);
    else addWaiting(turn);
  }

  private FairQueue branch(List<?> path) {
    return branches.computeIfAbsent(
        path.getFirst(), absent -> new FairQueue(limits.subList(1, limits.size())));
  }

  /** Keeps the queue at most about twice as long as it is without the cancelled operations. */
  private void addWaiting(Turn turn) {
    if (waiting.size() >= purgeLength) {
      waiting.removeIf(Turn::isCancelled);
      purgeLength = 2 * waiting.size() + CANCELLED_MAX;
    }
    waiting.add(turn);
  }

  /** Takes the next operation that may have a slot, which it has then. */
  Optional<Turn> takeNext() {
    return takeNext(true);
  }

  private Optional<Turn> takeNext(boolean mayBegin) {
    if (slots >= limits.getFirst().slots()) return Optional.empty();
    boolean mayBeginHere = mayBegin && threads < limits.getFirst().threads();
    var next = limits.size() == 1 ? takeOwn(mayBeginHere) : takeFromBranch(mayBeginHere);
    if (next.isPresent()) {
      slots++;
      if (!next.get().begun()) threads++;
    }
    return next;
  }

  private Optional<Turn> takeOwn(boolean mayBegin) {
    if (!resuming.isEmpty()) return Optional.of(resuming.remove());
    return mayBegin ? Optional.ofNullable(waiting.poll()) : Optional.empty();
  }

  private Optional<Turn> takeFromBranch(boolean mayBegin) {
    for (var branch : branches.entrySet()) {
      var next = branch.getValue().takeNext(mayBegin);
      if (next.isEmpty()) continue;
      branches.putLast(branch.getKey(), branch.getValue()); // The other branches come first.
      return next;
    }
    return Optional.empty();
  }

  /** Frees the slot of an operation that will be added again. */
  void yieldSlot(List<?> path) {
    slots--;
    if (!path.isEmpty()) branch(path).yieldSlot(path.subList(1, path.size()));
  }

  /** Frees the slot of an operation that has ended. */
  void end(List<?> path) {
    slots--;
    threads--;
    if (path.isEmpty()) return;
    var branch = branch(path);
    branch.end(path.subList(1, path.size()));
    if (branch.isIdle()) branches.remove(path.getFirst());
  }

  private boolean isIdle() {
    return threads == 0 && waiting.isEmpty() && branches.isEmpty();
  }

  /** Returns the number of operations that wait for a slot, cancelled ones included. */
  int waitingCount() {
    return resuming.size()
        + waiting.size()
        + branches.values().stream().mapToInt(FairQueue::waitingCount).sum();
  }
}
