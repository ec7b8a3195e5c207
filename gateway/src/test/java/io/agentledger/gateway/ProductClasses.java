package io.agentledger.gateway;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Classes of the product: without tests, and without the jars in which modules share their test
 * classes.
 */
public final class ProductClasses {
  private static final Map<String, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

  private ProductClasses() {}

  /** The import takes seconds: it is done once for all tests of the JVM. */
  public static JavaClasses inPackage(String name) {
    return IMPORTED.computeIfAbsent(name, ProductClasses::importPackage);
  }

  private static JavaClasses importPackage(String name) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(name);
  }
}
