package io.agentledger.command.support;

import com.networknt.schema.SchemaException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Budget of regular expressions that are not trusted: work, which all evaluations with this budget
 * share, and a deadline for each evaluation. It is checked before each match, because a match
 * cannot be interrupted. For one thread.
 */
public final class MatchBudget {
  /**
   * Maximum sum, over all matches, of the size of the expression, multiplied by the length of the
   * text. That takes about a second in the worst case.
   */
  private static final long WORK_MAX = 40_000_000;

  private static final ScopedValue<MatchBudget> CURRENT = ScopedValue.newInstance();

  private long workLeft;
  private long deadlineNanos;

  public MatchBudget() {
    this(WORK_MAX);
  }

  /**
   * @param work sum over all matches, as for the maximum of schemas
   */
  public MatchBudget(long work) {
    workLeft = work;
  }

  /** A limit of schemas that are not trusted was exceeded. */
  public static final class ExceededException extends SchemaException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public ExceededException(String reason) {
      super(reason);
      this.reason = reason;
    }

    public String reason() {
      return reason;
    }
  }

  /**
   * Returns the result of an evaluation with this budget.
   *
   * @throws ExceededException if the budget does not suffice
   */
  public <T> T evaluate(Duration timeout, Supplier<T> evaluation) {
    deadlineNanos = System.nanoTime() + timeout.toNanos();
    return ScopedValue.where(CURRENT, this).call(evaluation::get);
  }

  /** Takes the work of a match from the budget of the evaluation that this thread makes. */
  public static void spend(long size, String text) {
    CURRENT.get().spend(size * (text.length() + 1L));
  }

  private void spend(long work) {
    if (System.nanoTime() - deadlineNanos >= 0)
      throw new ExceededException("it took longer than its timeout");
    workLeft -= work;
    if (workLeft < 0) throw new ExceededException("the input is too long for its expressions");
  }
}
