package io.agentledger.gateway.session.input;

import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.support.validation.ToolReference;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Inputs of one request, each with its position in the body. */
public record InputBatch(List<SessionInputRequest> requests, List<String> pointers) {
  /** Returns the tools that the options of its queries name. */
  public List<ToolReference> toolReferences() {
    return IntStream.range(0, requests.size())
        .boxed()
        .flatMap(
            i ->
                RunOptionsRequest.toolReferences(
                    optionsOf(requests.get(i)), pointers.get(i) + "/options")
                    .stream())
        .toList();
  }

  private static @Nullable RunOptionsRequest optionsOf(SessionInputRequest request) {
    return switch (request) {
      case SessionInputRequest.Prompt prompt -> prompt.options();
      case SessionInputRequest.Command command -> command.options();
      default -> null;
    };
  }

  /** Creates a batch from a body that is one input. */
  static InputBatch single(SessionInputRequest sessionInputRequest) {
    return new InputBatch(List.of(sessionInputRequest), List.of(""));
  }
}
