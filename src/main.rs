fn main() {
    std::process::exit(chainrule::cli::main())
}
