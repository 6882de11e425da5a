@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # Pester's blocks share variables across script blocks, which the rule can't follow.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Functions of test files are no cmdlets: they change nothing that -WhatIf could spare.
        'PSUseShouldProcessForStateChangingFunctions'
        # Sample keys in tests are fakes, written as text on purpose.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
        # What a task leaves in its runspace, and what it writes to the host, is what some tests of runs are about.
        'PSAvoidGlobalVars', 'PSAvoidUsingWriteHost'
        # A hashtable that tells upper case from lower can't be written as a literal.
        'PSUseLiteralInitializerForHashtable'
        # Files are UTF-8 without a byte order mark, as everything else in the repository.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
