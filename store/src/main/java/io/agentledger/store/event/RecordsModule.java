package io.agentledger.store.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.module.SimpleModule;

/**
 * Creation of records by a handle that takes the array of the parsed components. Jackson builds
 * such a handle again for each record that it reads, an eighth of the time of a rebuild's reader.
 */
final class RecordsModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addValueInstantiators(new RecordInstantiators());
  }

  private static final class RecordInstantiators extends ValueInstantiators.Base {
    @Override
    public ValueInstantiator modifyValueInstantiator(
        DeserializationConfig config, BeanDescription.Supplier type, ValueInstantiator standard) {
      return type.getBeanClass().isRecord()
              && standard instanceof StdValueInstantiator instantiator
              && instantiator.getWithArgsCreator() != null
              && instantiator.getWithArgsCreator().getAnnotated() instanceof Constructor<?> creator
          ? new RecordInstantiator(instantiator, creator)
          : standard;
    }
  }

  private static final class RecordInstantiator extends StdValueInstantiator {
    private static final MethodType TYPE = MethodType.methodType(Object.class, Object[].class);

    private final transient Constructor<?> constructor;
    private transient volatile @Nullable MethodHandle creator;

    RecordInstantiator(StdValueInstantiator standard, Constructor<?> constructor) {
      super(standard);
      this.constructor = constructor;
    }

    @Override
    public Object createFromObjectWith(DeserializationContext context, Object[] components) {
      try {
        return (Object) creator().invokeExact(components);
      } catch (Exception e) {
        return context.handleInstantiationProblem(
            getValueClass(), components, rewrapCtorProblem(context, e));
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private MethodHandle creator() throws IllegalAccessException {
      var known = creator;
      if (known != null) return known;
      constructor.setAccessible(true);
      var created =
          MethodHandles.lookup()
              .unreflectConstructor(constructor)
              .asFixedArity()
              .asSpreader(Object[].class, constructor.getParameterCount())
              .asType(TYPE);
      creator = created;
      return created;
    }
  }
}
