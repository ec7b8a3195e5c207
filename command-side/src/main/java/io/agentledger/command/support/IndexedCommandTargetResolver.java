package io.agentledger.command.support;

import java.lang.reflect.Method;
import java.util.stream.StreamSupport;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.ReflectionUtils;
import org.axonframework.common.annotation.AnnotationUtils;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * Resolver of the aggregate of a command by its method with {@link TargetAggregateIdentifier},
 * which is searched once for each type of commands. Axon's own searches the annotations of all
 * methods and fields for each command. No command names a version.
 */
final class IndexedCommandTargetResolver implements CommandTargetResolver {
  private final ClassValue<Method> identifiers =
      new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> command) {
          return StreamSupport.stream(ReflectionUtils.methodsOf(command).spliterator(), false)
              .filter(
                  method ->
                      AnnotationUtils.isAnnotationPresent(method, TargetAggregateIdentifier.class))
              .findFirst()
              .map(ReflectionUtils::ensureAccessible)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          command.getName() + " has no @TargetAggregateIdentifier"));
        }
      };

  @Override
  public VersionedAggregateIdentifier resolveTarget(CommandMessage<?> command) {
    try {
      var target = identifiers.get(command.getPayloadType()).invoke(command.getPayload());
      if (target == null)
        throw new IllegalArgumentException(command.getPayloadType().getName() + " has no target");
      return new VersionedAggregateIdentifier(target, null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "cannot read the target of " + command.getPayloadType().getName(), e);
    }
  }
}
