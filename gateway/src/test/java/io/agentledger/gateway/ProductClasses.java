package io.agentledger.gateway;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * Classes of the product: without tests, and without the jars in which modules share their test
 * classes.
 */
public final class ProductClasses {
  private ProductClasses() {}

  public static JavaClasses inPackage(String name) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(name);
  }
}
