package io.agentledger.client.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Messages about a wrong command line, in the words of its user where picocli uses its own. */
final class UsageMessage {
  private UsageMessage() {}

  static String of(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption())
      return describeUnmatched(unmatched);
    if (exception instanceof MissingParameterException missing
        && missing.getMissing().size() > 1
        && missing.getMissing().stream().allMatch(ArgSpec::isOption))
      return "One of "
          + missing.getMissing().stream().map(UsageMessage::name).collect(Collectors.joining(", "))
          + " is required.";
    if (exception.getCause() instanceof TypeConversionException conversion
        && exception.getArgSpec() != null)
      return name(exception.getArgSpec()) + ": " + conversion.getMessage();
    return String.valueOf(exception.getMessage()).replaceFirst("^Error: ", "");
  }

  private static String describeUnmatched(UnmatchedArgumentException exception) {
    var command = exception.getCommandLine().getCommandSpec();
    var argument = exception.getUnmatched().getFirst();
    return exception.getCommandLine().getSubcommands().isEmpty()
        ? "The argument '" + argument + "' is too many."
        : "There is no command '" + command.qualifiedName() + " " + argument + "'.";
  }

  /** Returns the name of an argument as it is typed or documented: {@code --limit}, SESSION. */
  static String name(ArgSpec argument) {
    return switch (argument) {
      case OptionSpec option -> option.longestName();
      case PositionalParamSpec positional -> positional.paramLabel();
      default -> argument.paramLabel();
    };
  }
}
