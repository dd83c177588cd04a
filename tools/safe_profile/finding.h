// SPDX-License-Identifier: MPL-2.0
// What the plugin can say. Each finding has its rule, what was found, why that is a danger, and what to write instead.
#pragma once

namespace safe_profile {

struct Finding {
  const char* rule;
  const char* what;
  const char* why;
  const char* instead;
};

namespace found {
// S1: casts
inline constexpr Finding kCast{"S1", "cast that reinterprets or drops a qualifier", "it makes an object look like another one",
                               "static_cast between integers and enums, or Ref::as<D>() for a derived type"};
inline constexpr Finding kDownCast{"S1", "cast to a derived class", "nothing checks the object's real type", "Ref::as<D>()"};
inline constexpr Finding kForged{"S1", "type with invariants read from raw bytes",
                                 "bytes of a program may hold any pattern: a forged bool, pointer or handle",
                                 "a struct of integers that is decoded and checked"};
// S2: pointers
inline constexpr Finding kPointer{"S2", "value of pointer type", "a pointer may dangle, be null or run out of bounds",
                                  "a reference parameter, std::span, ostd::Own or ostd::Ref"};
inline constexpr Finding kPointerType{"S2", "pointer, array or member-pointer type", "its use is unchecked",
                                      "std::span, ostd::Array, ostd::Own, ostd::Ref, ostd::Fn"};
inline constexpr Finding kNull{"S2", "nullptr", "there are no pointers in the Safe Profile", "ostd::Opt and ostd::none"};
inline constexpr Finding kArray{"S2", "built-in array as a value", "subscripts of it are unchecked", "ostd::Array or ostd::Vec"};
inline constexpr Finding kOperator{"S2", "address, dereference or member-pointer operator", "it makes or uses an unchecked pointer",
                                   "a reference parameter"};
// S3: memory by hand
inline constexpr Finding kNew{"S3", "memory managed by hand", "lifetimes become unchecked", "ostd::make_own, ostd::make_ref"};
inline constexpr Finding kDestroy{"S3", "explicit destructor call", "the object is destroyed twice", "let the owner go out of scope"};
// S4: constructs
inline constexpr Finding kConstruct{"S4", "construct outside the Safe Profile", "its memory effects cannot be checked",
                                    "the plain statement or expression for it"};
inline constexpr Finding kUnion{"S4", "union", "reading another member forges a value", "ostd::Variant, or a class per case"};
inline constexpr Finding kVolatile{"S4", "volatile", "it is for device memory, which only ostd touches", "ostd::Atomic or ostd::IoMem"};
inline constexpr Finding kVariadic{"S4", "C variadic function", "argument types are not checked", "a parameter pack or std::span"};
// S5: initialisation
inline constexpr Finding kUninitialised{"S5", "variable or member without an initialiser", "it holds whatever was in memory",
                                        "an initialiser: T x{}"};
inline constexpr Finding kEarlyThis{"S5", "use of the object before it is built", "members that are not constructed yet are read",
                                    "initialise from parameters, or in the constructor's body"};
inline constexpr Finding kSelfInit{"S5", "variable used in its own initialiser", "it is not constructed yet", "another variable"};
// S6: stored borrows
inline constexpr Finding kMember{"S6", "data member or base holds a pointer, reference or view", "it may outlive what it refers to",
                                 "ostd::Own, ostd::Ref, a handle or a copy; or pass it as a parameter"};
inline constexpr Finding kGlobal{"S6", "static object holds a pointer, reference or view", "it may outlive what it refers to",
                                 "ostd::StaticStr, or a value"};
inline constexpr Finding kElement{"S6", "container of borrows", "its elements may outlive what they refer to",
                                  "a container of values, ostd::Ref or handles"};
// S7, S8, S9: borrows
inline constexpr Finding kReturn{"S7", "returned borrow of something that ends with the call", "it dangles", "return a value, or borrow from a parameter"};
inline constexpr Finding kUnbound{"S7", "returned borrow whose source is not marked [[clang::lifetimebound]]", "callers cannot see what it depends on",
                                  "[[clang::lifetimebound]] after the parameter, or after the member function's ()"};
inline constexpr Finding kOverride{"S7", "overrider returns a borrow that the overridden function does not declare", "callers cannot see it",
                                   "the same [[clang::lifetimebound]] on both"};
inline constexpr Finding kReseat{"S7", "borrow stored where it may outlive its source", "it dangles", "a value, or a borrow declared further inside"};
inline constexpr Finding kLambdaReturn{"S7", "lambda given to ostd returns a borrow of its parameter", "it leaves the lock or container it comes from",
                                       "return a value"};
inline constexpr Finding kExclusive{"S8", "object changed while it is borrowed", "the borrow may dangle", "a copy or index instead of the borrow, or a smaller scope"};
inline constexpr Finding kArguments{"S8", "argument borrows from an object that the call may change", "the borrow may dangle during the call", "a copy"};
inline constexpr Finding kTemporary{"S9", "borrow from a temporary", "it dies at the end of this statement", "a variable for the owner"};
// S10: lambdas
inline constexpr Finding kCapture{"S10", "lambda with borrowed captures that is not a direct call argument",
                                  "it may outlive what it captured", "capture by value, or pass it in the call"};
inline constexpr Finding kEscape{"S10", "borrow handed to something that keeps it", "it may outlive what it refers to",
                                 "move or copy what it needs (captures by value)"};
// S11: shared mutable state
inline constexpr Finding kStatic{"S11", "static object that can change", "tasks would race on it, and it is ambient authority",
                                 "constexpr, or state of a component given to its constructor"};
inline constexpr Finding kDynamicInit{"S11", "static object with run-time initialisation or destruction",
                                      "it can be used before it is built, or be built twice", "constexpr or constinit const"};
inline constexpr Finding kMutable{"S11", "mutable", "shared objects are read-only for their holders", "ostd::MutexLocked, ostd::Atomic"};
inline constexpr Finding kThreadLocal{"S11", "thread_local", "tasks move between CPUs", "ostd::CpuLocal"};
// S12: what may be called
inline constexpr Finding kUnsafe{"S12", "use of an OSTD_UNSAFE entity", "its contract is not checked by the compiler", "ostd's safe interface"};
inline constexpr Finding kDetail{"S12", "use of an ostd-internal entity", "it is unsafe outside ostd", "ostd's safe interface"};
inline constexpr Finding kStd{"S12", "standard library entity outside the allow-list", "it is unchecked or hands out borrows", "ostd's own"};
inline constexpr Finding kForeign{"S12", "function or variable from outside services and ostd", "its effects are unchecked", "ostd's interface"};
inline constexpr Finding kReserved{"S12", "reserved identifier", "compiler builtins and library internals are unchecked", "ostd's interface"};
inline constexpr Finding kRange{"S12", "range-for over this type", "its iterators are not known to stay in bounds",
                                "a std::span, or an ostd container's each()"};
// S13: preprocessor
inline constexpr Finding kInclude{"S13", "header outside the allow-list", "it brings unchecked code", "headers of ostd/include, ostd/base, services"};
inline constexpr Finding kDirective{"S13", "preprocessor directive", "only #include and #pragma once are checked code", "a constant or function"};
inline constexpr Finding kMacro{"S13", "macro outside the allow-list", "it hides unchecked code", "a function; TRY, MUST, OSTD_CHECK are allowed"};
inline constexpr Finding kSuppress{"S13", "comment that silences a checker", "the profile has no exceptions", "code that passes"};
inline constexpr Finding kMainFile{"S13", "main file outside services", "the plugin would check nothing", "the right root= argument"};
// S14: foreign entities and linkage
inline constexpr Finding kExtern{"S14", "extern", "nothing checks that the definition has this type", "include the header"};
inline constexpr Finding kNamespace{"S14", "declaration outside namespace svc", "it could clash with or extend somebody else's code", "namespace svc::component"};
inline constexpr Finding kForeignDecl{"S14", "declares, defines or specialises an entity of somebody else", "it forges traits or gets private access",
                                      "an own type or function"};
inline constexpr Finding kInstantiate{"S14", "explicit instantiation", "it is exempt from access control", "implicit instantiation"};
inline constexpr Finding kUnshared{"S14", "entity of a source file that other files could define differently", "the linker does not compare types",
                                   "a header, or an unnamed namespace"};
inline constexpr Finding kPrototype{"S14", "function declared but not defined here", "nothing checks that the definition has this type",
                                    "declare it in a header that its definition includes"};
inline constexpr Finding kBase{"S14", "class derived from a library class", "a derived class could fake what others rely on",
                               "a member of that type, or an interface class"};
// S15: attributes, enums
inline constexpr Finding kAttribute{"S15", "attribute outside the allow-list", "it changes what the compiler assumes or checks",
                                    "nodiscard, maybe_unused, fallthrough, likely, clang::lifetimebound"};
inline constexpr Finding kEnum{"S15", "enum without a fixed underlying type", "values outside it are undefined behaviour", "enum class E : u8"};
// S17
inline constexpr Finding kFallsOff{"S17", "function that ends after a switch without default", "an enum may hold any value of its type: the end would be reached",
                                   "a return after the switch"};
// S18
inline constexpr Finding kFloat{"S18", "floating point", "the kernel has none", "integers of a smaller unit"};
// S19
inline constexpr Finding kRoot{"S19", "authority over the whole machine", "only the composition root may mint capabilities and set up the machine",
                               "a Cap or CapRef parameter; services/boot hands it out"};
}  // namespace found

}  // namespace safe_profile
