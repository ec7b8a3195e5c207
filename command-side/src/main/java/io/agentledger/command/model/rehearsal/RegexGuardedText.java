package io.agentledger.command.model.rehearsal;

/**
 * A text that limits the number of character reads by a pattern. A pattern from a file or a prompt
 * may need exponential time; here it fails after the limit.
 */
final class RegexGuardedText implements CharSequence {
  private static final int ACCESS_COUNT_MAX = 2_000_000;

  private final CharSequence text;
  private final int[] accessesLeft;

  RegexGuardedText(String text) {
    this(text, new int[] {ACCESS_COUNT_MAX});
  }

  private RegexGuardedText(CharSequence text, int[] accessesLeft) {
    this.text = text;
    this.accessesLeft = accessesLeft;
  }

  @Override
  public char charAt(int index) {
    if (accessesLeft[0]-- <= 0) throw new RegexTimeoutException();
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new RegexGuardedText(text.subSequence(start, end), accessesLeft);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** The pattern exceeded the limit of reads. */
  static final class RegexTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RegexTimeoutException() {
      super("the pattern takes too long on this text");
    }
  }
}
